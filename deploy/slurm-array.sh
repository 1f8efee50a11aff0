#!/bin/bash
# One array task for each cell of a plan of N cells (kshot suite plan, kshot population plan print N):
#
#     sbatch --array=0-$((N - 1)) deploy/slurm-array.sh suite /shared/sweep
#
# The cell's number is SLURM_ARRAY_TASK_ID. A task that is requeued continues from its checkpoint.
# KSHOT is the command that starts kshot on a node: KSHOT='node /shared/kshot/apps/cli/dist/main.js'.
#
#SBATCH --job-name=kshot
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
# 120 seconds before the time limit this script gets SIGUSR1: kshot writes a checkpoint, and the task is requeued.
#SBATCH --signal=B:USR1@120

if [ $# -ne 2 ] || { [ "$1" != suite ] && [ "$1" != population ]; }; then
  echo "usage: sbatch --array=0-\$((N - 1)) slurm-array.sh suite|population DIR" >&2
  exit 2
fi

restarts=${SLURM_RESTART_COUNT:-0}
signalled=
cancelled=
stop() {
  signalled=yes
  kill -TERM "$child" 2>/dev/null
}

# In the background, so that this script can handle signals while kshot computes.
${KSHOT:-kshot} "$1" cell "$2" --threads "${SLURM_CPUS_PER_TASK:-1}" --log json &
child=$!
trap stop USR1
# scancel and preemption: Slurm also sends SIGTERM to kshot, which writes a checkpoint, and Slurm decides whether the task is requeued.
trap 'signalled=yes cancelled=yes' TERM

wait "$child"
code=$?
while [ -n "$signalled" ]; do
  signalled=
  wait "$child"
  code=$?
done

requeue() {
  [ -z "$cancelled" ] || exit "$code"
  if [ "$restarts" -ge "$1" ]; then
    echo "Exit code $code. Not requeued: restarted $restarts times already." >&2
    exit "$code"
  fi
  echo "Exit code $code. Requeued: restart $((restarts + 1))." >&2
  scontrol requeue "$SLURM_JOB_ID"
  exit "$code"
}

case $code in
  0) exit 0 ;;
  # Wrong usage, bad data, no kshot on the node (126, 127): it would fail again.
  2 | 3 | 126 | 127) exit "$code" ;;
  # The cell failed: three tries, as kshot suite plan --tries.
  1) requeue 2 ;;
  # Interrupted, or killed by a signal (137: SIGKILL). Slurm requeues a task only if its node failed.
  *) requeue 20 ;;
esac
