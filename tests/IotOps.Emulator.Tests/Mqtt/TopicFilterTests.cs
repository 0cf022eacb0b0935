using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.Tests.Mqtt;

public sealed class TopicFilterTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(20_231_001, 1);

    // Few letters, so that filters and topics meet.
    private static readonly Gen<string> Topics =
        Gen.Elements("a", "b", "", "$a").NonEmptyListOf().Select(l => string.Join('/', l.Take(4))).Where(t => t.Length > 0);

    private static readonly Gen<string> Filters =
        from levels in Gen.Elements("a", "b", "", "+", "$a").NonEmptyListOf()
        from end in Gen.Elements("", "#")
        let filter = string.Join('/', end.Length == 0 ? levels.Take(4) : [.. levels.Take(3), end])
        where filter.Length > 0
        select filter;

    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    public void The_examples_of_the_standard(string filter, string topic, bool matches) => TopicFilter.Matches(filter, topic).ShouldBe(matches);

    [Fact]
    public void Matching_agrees_with_a_regular_expression() =>
        Check.One(Quick, Prop.ForAll(Filters.ToArbitrary(), Topics.ToArbitrary(), (filter, topic) =>
        {
            string pattern = string.Join("/", filter.Split('/').Select(l => l switch { "+" => "[^/]*", "#" => ".*", _ => Regex.Escape(l) }));
            pattern = pattern.EndsWith("/.*", StringComparison.Ordinal) ? pattern[..^3] + "(/.*)?" : pattern;
            bool expected = Regex.IsMatch(topic, $"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1)) && !(topic[0] == '$' && filter[0] is '+' or '#' && topic[0] == '$');
            TopicFilter.IsValid(filter).ShouldBeTrue();
            TopicFilter.Matches(filter, topic).ShouldBe(expected, $"{filter} and {topic}");
        }));

    [Fact]
    public void The_table_finds_what_matching_every_filter_finds() =>
        Check.One(Quick.WithMaxTest(500), Prop.ForAll(Filters.ListOf().ToArbitrary(), Topics.ToArbitrary(), (filters, topic) =>
        {
            var table = new SubscriptionTable<object>();
            var subscriptions = filters.Select(filter => (Filter: filter, Subscriber: new object())).ToList();
            foreach ((string filter, object subscriber) in subscriptions)
            {
                table.Add(subscriber, new SubscriptionRequest(filter, 1));
            }

            foreach ((string filter, object subscriber) in subscriptions.Where((_, i) => i % 4 == 0))
            {
                table.Remove(subscriber, filter).ShouldBeTrue();
            }

            var found = new Dictionary<object, SubscriptionRequest>();
            table.Find(topic, publisher: null, found);
            found.Keys.ShouldBe(subscriptions.Where((s, i) => i % 4 != 0 && TopicFilter.Matches(s.Filter, topic)).Select(s => s.Subscriber), ignoreOrder: true);
        }));
}
