#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The redzone authors
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#
################################################################################

# Builds every target into $OUT: binary, seed corpus, dictionary, options. Compiler, sanitizer,
# edges and engine are the caller's: CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE. Names of targets
# come from the build itself, so a new target needs no edit here.

src=${REDZONE_SRC:-$SRC/redzone}
work=${WORK:-$src/out}/redzone-${FUZZING_ENGINE:-engine}-${SANITIZER:-sanitizer}-${ARCHITECTURE:-x86_64}
python=$(command -v python3)

# A crypto library of the architecture we build for.
mbedcrypto=$($CC ${CFLAGS:-} -print-file-name=libmbedcrypto.a)
if [ ! -f "$mbedcrypto" ]; then
  echo "redzone: libmbedcrypto.a for ${ARCHITECTURE:-this architecture} not found;" \
    "install libmbedtls-dev" >&2
  exit 1
fi

rm -rf "$work"
cmake -S "$src" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=None \
  -DREDZONE_ENGINE=external -DREDZONE_LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" \
  -DREDZONE_WERROR=OFF -DMBEDCRYPTO="$mbedcrypto" -DPython3_EXECUTABLE="$python"
ninja -C "$work" ${NINJAFLAGS:-}

PYTHONPATH="$src/scripts" "$python" -m redzone_tool.ossfuzz.artefacts "$work" "$OUT"
