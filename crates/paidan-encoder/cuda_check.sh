#!/usr/bin/env bash
# Proves on a machine without GPU and without CUDA toolkit that the feature `cuda` compiles and links.
# Needs Rust, gcc, Python 3 with venv, PyPI (NVIDIA's compiler, 0.5 GB), and 10 to 30 minutes for the kernels.
#
#   bash crates/paidan-encoder/cuda_check.sh [FOLDER]      # FOLDER keeps toolkit and target; default target/cuda-check
#
# With a GPU: PAIDAN_CUDA=1 cargo test --release -p paidan-encoder --features cuda --test cuda -- --nocapture
# runs parity with the CPU and prints texts a second.
set -euo pipefail
cd "$(dirname "$0")/../.."

work="${1:-$PWD/target/cuda-check}"
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "nvidia-cuda-nvcc==13.0.*" \
    "nvidia-cuda-runtime==13.0.*" "nvidia-cuda-crt==13.0.*" "nvidia-nvvm==13.0.*" "nvidia-cuda-cccl==13.0.*"
fi
toolkit="$(echo "$work"/venv/lib/python3*/site-packages/nvidia/cu13)"

# Stand-ins, so that the linker finds the names; the real libraries are found where the program runs.
stubs="$work/stubs"
mkdir -p "$stubs"
for pair in cuda:1 nvrtc:13 curand:10 cublas:13 cublasLt:13 cudart:13; do
  name="${pair%%:*}"
  gcc -shared -nostdlib -Wl,-soname,"lib$name.so.${pair##*:}" -o "$stubs/lib$name.so" -x c /dev/null
done

export CUDA_HOME="$toolkit" CUDA_PATH="$toolkit" CUDA_ROOT="$toolkit" CUDA_TOOLKIT_ROOT_DIR="$toolkit"
export PATH="$toolkit/bin:$PATH" LIBRARY_PATH="$toolkit/lib" CUDA_COMPUTE_CAP="${CUDA_COMPUTE_CAP:-90}"
# Its own target folder, lest the flags for the linker compile everything again in the usual one.
export CARGO_TARGET_DIR="$work/target"

cargo rustc --release --package paidan-cli --features cuda --bin paidan -- -L "$stubs" \
  -C link-arg=-Wl,--unresolved-symbols=ignore-all \
  -C link-args="-Wl,--no-as-needed -lcuda -lnvrtc -lcurand -lcublas -lcublasLt -lcudart"

binary="$CARGO_TARGET_DIR/release/paidan"
ls -l "$binary"
# The program must ask for the CUDA libraries by their names at run time.
for library in libcuda.so.1 libcublas.so.13 libcurand.so.10 libnvrtc.so.13; do
  readelf --dynamic "$binary" | grep -q "$library" || { echo "not linked: $library" >&2; exit 1; }
done
echo "compiled and linked for compute capability $CUDA_COMPUTE_CAP"
