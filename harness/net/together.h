// Several workers on one loop: starts as many as are wanted and waits until each has ended. How the
// Runner keeps cases in flight and the self-test its servers.
#pragma once

#include "harness/net/loop.h"

#include <functional>

namespace assay {

/// `worker` is called `count` times, each call makes a task of its own. What it refers to outlives
/// the call.
Task<void> run_together(Loop& loop, std::size_t count, std::function<Task<void>()> worker);

}  // namespace assay
