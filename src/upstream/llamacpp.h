// What llama.cpp's llama-server says of its models. Its list at /v1/models has width, parameters and vocabulary of the
// one it runs; /props the context of one slot, the number of slots and the chat template; /slots who is busy. Started
// without a model it is a router: the list then has a status and the command line of each, and /props?model=NAME is
// that one's.
#pragma once

#include <string_view>

#include "base/json.h"
#include "upstream/served_model.h"

namespace basin::upstream {

// One element of the list's "data", added to the model of that name.
void add_llamacpp_item(base::json::Value item, ServedModel& model);

// Whether that is an answer of GET /props, of a router too.
bool is_llamacpp_props(std::string_view json);

// Whether a router answers there, which has no model of its own.
bool is_llamacpp_router(std::string_view props_json);

// GET /props, added to the model it is about. What is no such answer adds nothing.
void add_llamacpp_props(std::string_view json, ServedModel& model);

// GET /slots: how many there are and how many are free. What is no such answer (it can be switched off) adds nothing.
void add_llamacpp_slots(std::string_view json, ServedModel& model);

}  // namespace basin::upstream
