// Goal: the rows of the catalogue are complete and true, since loader, documentation and schema are
// made from them.
#include "protocols/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/machines.h"

namespace indoubt {
namespace {

bool is_identifier(std::string_view name, std::string_view also) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != also.npos;
  });
}

TEST(Catalogue, HoldsTheThreeProtocolsOfTheFoundation) {
  for (const auto* name : {"2pc", "3pc", "3pc-majority"}) {
    ASSERT_NE(find_protocol(name), nullptr) << name;
    EXPECT_EQ(find_protocol(name)->name, name);
  }
  EXPECT_EQ(find_protocol("4pc"), nullptr);
  EXPECT_EQ(find_protocol(""), nullptr);
}

TEST(Catalogue, NamesAreUniqueAndWritable) {
  std::set<std::string_view> names;
  for (const ProtocolEntry& row : protocol_catalogue()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(is_identifier(row.name, "-")) << row.name;
  }
}

TEST(Catalogue, EverySentenceEndsWithAFullStopAndHasASource) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    EXPECT_TRUE(row.summary.ends_with(".")) << row.name;
    EXPECT_FALSE(row.source.empty()) << row.name;
    for (const OptionField& field : row.options) {
      EXPECT_TRUE(field.doc.ends_with(".")) << row.name << " " << field.name;
      EXPECT_FALSE(field.doc.starts_with(" ")) << row.name << " " << field.name;
    }
  }
}

TEST(Catalogue, OptionsHaveUniqueNamesAndStandardsAmongTheirValues) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    std::set<std::string_view> names;
    for (const OptionField& field : row.options) {
      SCOPED_TRACE(std::string(row.name) + " " + std::string(field.name));
      EXPECT_TRUE(names.insert(field.name).second);
      EXPECT_TRUE(is_identifier(field.name, "_"));
      ASSERT_NE(field.set, nullptr);
      const int choices = static_cast<int>(field.choices.size());
      EXPECT_NE(choices, 1) << "a choice of one is none";
      EXPECT_GE(field.standard, choices != 0 ? 0 : field.least);
      EXPECT_LE(field.standard, choices != 0 ? choices - 1 : field.most);
      const std::set<std::string_view> distinct(field.choices.begin(), field.choices.end());
      EXPECT_EQ(distinct.size(), field.choices.size());
    }
  }
}

TEST(Catalogue, TimersAreThoseOfTheMachineAndUnique) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    const Machine machine = machine_with(row.name, 3);
    EXPECT_TRUE(std::equal(row.timers.begin(), row.timers.end(), machine.timers.begin(),
                           machine.timers.end()));
    const std::set<std::string_view> distinct(row.timers.begin(), row.timers.end());
    EXPECT_EQ(distinct.size(), row.timers.size());
    for (const std::string_view timer : row.timers) EXPECT_TRUE(is_identifier(timer, "_"));
  }
}

TEST(Catalogue, EveryTimerHasASentence) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    ASSERT_EQ(row.timer_docs.size(), row.timers.size());
    for (const std::string_view doc : row.timer_docs) EXPECT_EQ(doc.back(), '.') << doc;
  }
}

TEST(Catalogue, EveryMessageTypeHasATextbookNameOfItsOwn) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    const Machine machine = machine_with(row.name, 3);
    std::set<std::string_view> names;
    for (int type = 0; type < machine.message_types; ++type) {
      const std::string_view name = machine.message_name(Message{static_cast<std::uint64_t>(type)});
      EXPECT_NE(name, "?");
      EXPECT_TRUE(names.insert(name).second) << row.name << " " << name;
    }
    const auto none = Message{static_cast<std::uint64_t>(machine.message_types)};
    EXPECT_EQ(machine.message_name(none), "?");
    EXPECT_EQ(machine.record_name(0), "none");
  }
}

TEST(Catalogue, EveryRowRunsAtBothEndsOfEveryOptionAndSize) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    for (std::size_t i = 0; i < row.options.size(); ++i) {
      const OptionField& field = row.options[i];
      const int last =
          field.choices.empty() ? field.most : static_cast<int>(field.choices.size()) - 1;
      for (const int value : {field.choices.empty() ? field.least : 0, last}) {
        std::vector<int> values = standard_options(row);
        values[i] = value;
        for (const int participants : {1, 31, 32, kMostProcesses - 1}) {
          const int n = std::min(participants, row.most_participants);
          const Machine machine = row.make({n, {}}, values);
          EXPECT_EQ(machine.group.participants, n);
          EXPECT_EQ(machine.processes, 1 + n + static_cast<int>(machine.auxiliary_hosts.size()));
        }
      }
    }
  }
}

TEST(Catalogue, TraitsTellModelsWhatTheOptionsMean) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    const ProtocolTraits standard = machine_with(row.name, 3).traits;
    const bool majority = row.name == "3pc-majority";
    EXPECT_EQ(standard.rule, majority ? DecisionRule::majority : DecisionRule::all) << row.name;
    EXPECT_EQ(standard.prepare_tries, 1);
    EXPECT_EQ(standard.one_by_one, row.name == "2pc-linear") << row.name;
    const auto with = [&](const NamedOption& option) {
      return machine_with(row.name, 3, known_options(row.name, {option})).traits;
    };
    const auto has = [&](const char* option) {
      return !known_options(row.name, {{option, ""}}).empty();
    };
    if (has("prepare_resends")) {
      EXPECT_EQ(with({"prepare_resends", "4"}).prepare_tries, 5);
    }
    if (has("asking")) {
      EXPECT_TRUE(with({"asking", "one-by-one"}).one_by_one);
    }
    if (!has("decision_rule")) continue;
    EXPECT_EQ(with({"decision_rule", "at-least"}).rule, DecisionRule::at_least);
    EXPECT_EQ(with({"at_least", "2"}).at_least, 2);
    EXPECT_EQ(with({"decision_rule", "any"}).rule, DecisionRule::any);
  }
}

TEST(Catalogue, OnlyTheVotesDecideIn2pcUnlessItsParticipantsDecideAlone) {
  const auto alone = [](std::string_view protocol, const std::vector<NamedOption>& options) {
    return machine_with(protocol, 3, options).traits.votes_alone_decide;
  };
  EXPECT_TRUE(alone("2pc", {}));
  EXPECT_TRUE(alone("2pc", {{"uncertain", "off"}}));
  EXPECT_FALSE(alone("2pc", {{"uncertain", "abort"}}));
  EXPECT_FALSE(alone("2pc", {{"uncertain", "commit"}}));
  EXPECT_FALSE(alone("2pc", {{"unasked", "abort"}}));
  EXPECT_FALSE(alone("3pc", {}));
  EXPECT_FALSE(alone("3pc-majority", {}));
}

TEST(Catalogue, StandardOptionsAreOneValueForEachField) {
  for (const ProtocolEntry& row : protocol_catalogue()) {
    const std::vector<int> values = standard_options(row);
    ASSERT_EQ(values.size(), row.options.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], row.options[i].standard);
  }
}

TEST(Catalogue, MajorityDiffersFromPlain3pcInTheDefaultsOfTheOriginalNoteOnly) {
  const ProtocolEntry& plain = *find_protocol("3pc");
  const ProtocolEntry& majority = *find_protocol("3pc-majority");
  std::set<std::string_view> differ;
  ASSERT_EQ(plain.options.size(), majority.options.size());
  for (std::size_t i = 0; i < plain.options.size(); ++i) {
    EXPECT_EQ(plain.options[i].name, majority.options[i].name);
    if (plain.options[i].standard != majority.options[i].standard) {
      differ.insert(plain.options[i].name);
    }
  }
  EXPECT_EQ(differ, (std::set<std::string_view>{"decision_rule", "ack_rule", "decision_to",
                                                "decided_ack_pre_commit"}));
}

}  // namespace
}  // namespace indoubt
