#include "tests/support/effect_text.h"

namespace indoubt {

std::string effect_text(const Machine& machine, const Effect& e,
                        std::span<const ProcessId> members) {
  const auto with = [](std::string_view verb, std::string_view object) {
    return std::string(verb).append(1, ' ').append(object);
  };
  switch (e.kind) {
    case Effect::Kind::send: members = {&e.to, 1}; [[fallthrough]];
    case Effect::Kind::send_set: {
      std::string text = with("send", machine.message_name(Message{e.word})).append(" to");
      for (const ProcessId to : members) text.append(1, ' ').append(std::to_string(to));
      return text;
    }
    case Effect::Kind::prepare: return "prepare";
    case Effect::Kind::vote: return with("vote", name(static_cast<LocalVote>(e.tag)));
    case Effect::Kind::force: return with("force", machine.record_name(e.word));
    case Effect::Kind::log: return with("log", machine.record_name(e.word));
    case Effect::Kind::set_timer: return with("set", machine.timers[e.tag]);
    case Effect::Kind::cancel_timer: return with("cancel", machine.timers[e.tag]);
    case Effect::Kind::decide: return with("decide", name(static_cast<Outcome>(e.tag)));
    case Effect::Kind::forget: return "forget";
  }
  return "?";
}

}  // namespace indoubt
