using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class MatchCommandTests : IDisposable
{
    private const string Events = """
        {"eventType":"connected","clientId":"a"}
        {"eventType":"disconnected","clientId":"b"}

        {"eventType":
        {"eventType":"connected","clientId":"b"}

        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Events_that_match_come_out_and_a_line_that_is_no_event_is_told()
    {
        (int exit, string output, string error) = await RunAsync("""
            {
              "eventType": ["connected"]
            }
            """);

        output.ShouldBe("{\"eventType\":\"connected\",\"clientId\":\"a\"}\n{\"eventType\":\"connected\",\"clientId\":\"b\"}\n");
        error.ShouldBe($"FleetTool: line 4: The event is no JSON: byte 13: the event ends too early.{Environment.NewLine}");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task Several_patterns_are_counted_each()
    {
        (_, string output, _) = await RunAsync("{\"eventType\":[\"connected\"]}\n{\"clientId\":[\"b\"]}\n", "--count", "--json");

        output.ShouldBe("{\"matches\":[2,2],\"total\":4}\n");
        (await RunAsync("{\"eventType\":[\"connected\"]}\n{\"clientId\":[\"b\"]}\n", "--json")).Output
            .ShouldBe("{\"line\":1,\"patterns\":[0]}\n{\"line\":2,\"patterns\":[1]}\n{\"line\":5,\"patterns\":[0,1]}\n");
    }

    [Theory]
    [InlineData("{\"eventType\":[]}", "eventType, byte 14: an empty array lets nothing match; leave it out")]
    [InlineData("{\"eventType\":[\"a\"]}\n{\"eventType\":[]}\n", "line 2: eventType, byte 14: an empty array lets nothing match; leave it out")]
    public async Task A_bad_pattern_is_refused_with_its_place(string patterns, string problem)
    {
        (int exit, _, string error) = await RunAsync(patterns);

        exit.ShouldBe(2);
        error.ShouldContain($"pattern.json: {problem}");
    }

    [Fact]
    public async Task The_filter_answers_a_line_for_each_case() =>
        (await FleetProcess.RunAsync("{\"id\":1,\"pattern\":{\"a\":[1]},\"event\":{\"a\":1}}\n{\"id\":2,\"patternText\":\"{}\",\"event\":{}}\n", "match", "--lines")).Output
            .ShouldBe("{\"id\":1,\"result\":\"match\"}\n{\"id\":2,\"result\":\"invalid\"}\n");

    private async Task<(int Exit, string Output, string Error)> RunAsync(string patterns, params string[] args)
    {
        await File.WriteAllTextAsync(_directory["pattern.json"], patterns, TestContext.Current.CancellationToken);
        return await FleetProcess.RunAsync(Events, ["match", "--pattern", _directory["pattern.json"], .. args]);
    }
}
