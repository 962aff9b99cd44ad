# The environment that every script of the project builds and runs in. Sourced, never run.
# ROOT is the clone's directory, set by whoever sources this.

case ":$PATH:" in *":$HOME/.cargo/bin:"*) ;; *) PATH=$HOME/.cargo/bin:$PATH ;; esac
case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
export PATH
# Continuous integration keeps what it compiled outside the clone, which is new each time.
if [ -n "${CI:-}" ]; then : "${CARGO_TARGET_DIR:=$HOME/.cache/drover/target}"; fi
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
# Queries are checked against the checked-in .sqlx; `make sqlx` refreshes it.
export SQLX_OFFLINE=${SQLX_OFFLINE:-true}
export DROVER=${DROVER:-$CARGO_TARGET_DIR/debug/drover}
