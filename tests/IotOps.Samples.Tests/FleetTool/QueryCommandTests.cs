using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class QueryCommandTests : IDisposable
{
    private const string Things = """
        [{"thingName":"b","attributes":{"firmware":"2.0.10"},"shadow":{"reported":{"battery":40}}},
         {"thingName":"a","attributes":{"firmware":"2.0.10"},"shadow":{"reported":{"battery":77}}},
         {"thingName":"c"}]
        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_things_found_come_out_and_with_explain_the_near_misses()
    {
        const string Query = "attributes.firmware:2.0.10 AND shadow.reported.battery>50";

        (await RunAsync("", "query", Query, "--things", Path())).Output.ShouldBe($"a{Environment.NewLine}");
        (_, string output, string error) = await RunAsync("", "query", Query, "--things", Path(), "--explain");
        output.ShouldBe($"b  not found: shadow.reported.battery>50 (it is 40){Environment.NewLine}a{Environment.NewLine}");
        error.ShouldBe($"1 of 3 things; 2 of 12 terms: {Query}{Environment.NewLine}");
        (await RunAsync("", "query", Query, "--things", Path(), "--json")).Output.ShouldBe("""{"thingName":"a","found":true,"failed":[]}""" + Environment.NewLine);
    }

    [Fact]
    public async Task A_query_that_the_index_leaves_undefined_is_refused_with_a_proposal()
    {
        (int exit, _, string error) = await RunAsync("", "query", "attributes.firmware>2.0.9", "--things", Path());

        exit.ShouldBe(2);
        error.ShouldContain("name the versions, attributes.firmware:(2.0.10 OR 2.0.11)");
    }

    [Fact]
    public async Task The_filter_answers_sorted_names_or_invalid() =>
        (await RunAsync("{\"id\":1,\"query\":\"attributes.firmware:*\"}\n{\"id\":2,\"query\":\"\"}\n", "query", "--lines", "--things", Path())).Output
            .ShouldBe("{\"id\":1,\"result\":[\"a\",\"b\"]}\n{\"id\":2,\"result\":\"invalid\"}\n");

    private string Path()
    {
        File.WriteAllText(_directory["things.json"], Things);
        return _directory["things.json"];
    }

    private static Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] args) => FleetProcess.RunAsync(input, args);
}
