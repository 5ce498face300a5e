#pragma once
// What to say of keys that people may try in faults.
#include <array>

#include "scenarios/fields.h"

namespace indoubt {

inline constexpr std::string_view kWindowHint =
    "a time in which a fault can strike is written `window: {from: 5ms, until: 9ms}`";
inline constexpr std::string_view kNoTriggerHint =
    "this fault is there from the beginning on; a time in which it can strike is written `window: "
    "{from: 5ms, until: 9ms}`";
inline constexpr std::string_view kPointHint = "a point is written `at: before send COMMIT`";

/// For every kind; `length`: what its key for how long it lasts is called, as a hint.
constexpr std::array<KeyHint, 12> hints(std::string_view length) {
  return {{{"from", kWindowHint},
           {"until", kWindowHint},
           {"sites", "one site or a list of them is written `site: [payment, transfer]`"},
           {"when", "a point is written `at: before send COMMIT`, a time `time: 28ms`"},
           {"point", kPointHint},
           {"before", kPointHint},
           {"n", "the n-th time is written `occurrence: 2`"},
           {"restart", length},
           {"heals", length},
           {"lasts", length},
           {"duration", length},
           {"mttr", length}}};
}
inline constexpr auto kCrashHints = hints("how long the site stays down is called `restart`");
inline constexpr auto kHealsHints = hints("how long it takes is called `heals`");
inline constexpr auto kLastsHints = hints("how long it takes is called `lasts`");
inline constexpr std::array<KeyHint, 6> kOtherHints = {
    {{"from", kWindowHint},
     {"until", kWindowHint},
     {"sites", "one site or a list of them is written `site: [payment, transfer]`"},
     {"lies", "a disk that lies is written `then: lie`"},
     {"outcome", "the outcome is written `decide: abort`"},
     {"forces", "the outcome is written `decide: abort`"}}};
inline constexpr std::array<KeyHint, 8> kMessageHints = {
    {{"at", kNoTriggerHint},
     {"time", kNoTriggerHint},
     {"mttf", kNoTriggerHint},
     {"trace", kNoTriggerHint},
     {"until", kWindowHint},
     {"type", "the type stands behind what happens: `lose: PREPARE`"},
     {"drop", "that messages are lost is written `lose: PREPARE`"},
     {"occurrence", "the n-th message is written `nth: 2`"}}};

}  // namespace indoubt
