using System.Text;
using System.Text.Json;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.Lines;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class CaseLinesTests
{
    [Fact]
    public async Task Each_line_is_answered_in_order_with_its_own_id()
    {
        (string output, int exit) = await RunAsync("""
            {"id":"a","n":1}
            {"n":2,"id":{"any":[1,2]}}

            {"n":3}
            """);

        output.ShouldBe("""
            {"id":"a","result":1}
            {"id":{"any":[1,2]},"result":2}
            {"id":null,"result":3}

            """.ReplaceLineEndings("\n"));
        exit.ShouldBe(0);
    }

    [Theory]
    [InlineData("{\"id\":1,", "null")]
    [InlineData("[1]", "null")]
    [InlineData("{\"id\":7}", "7")]
    [InlineData("{\"id\":7,\"n\":\"x\"}", "7")]
    public async Task A_bad_line_is_answered_with_its_error_and_the_next_one_follows(string bad, string id)
    {
        (string output, int exit) = await RunAsync($"{bad}\n{{\"id\":2,\"n\":5}}");

        string[] lines = output.Split('\n');
        lines[0].ShouldStartWith($"{{\"id\":{id},\"result\":{{\"error\":\"line 1: ");
        lines[1].ShouldBe("""{"id":2,"result":5}""");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_passed_over_and_told()
    {
        (string output, int exit) = await RunAsync($"{{\"id\":\"{new string('x', 300_000)}\"}}\n{{\"id\":2,\"n\":5}}\n", maxLineBytes: 100_000);

        output.ShouldBe("{\"id\":null,\"result\":{\"error\":\"line 1: longer than 100000 bytes\"}}\n{\"id\":2,\"result\":5}\n");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_first_line_is_passed_over() => (await RunAsync("\uFEFF{\"n\":1}")).Output.ShouldBe("{\"id\":null,\"result\":1}\n");

    [Fact]
    public async Task Half_a_result_is_not_written_when_the_rest_fails()
    {
        (string output, _) = await RunAsync("""{"id":1}""", (oneCase, json) =>
        {
            json.WriteStartArray();
            oneCase.GetProperty("n");
        });

        output.ShouldStartWith("""{"id":1,"result":{"error":"line 1: """);
    }

    private static async Task<(string Output, int Exit)> RunAsync(
        string input, Action<JsonElement, Utf8JsonWriter>? answer = null, int maxLineBytes = LineReader.MaxBytes)
    {
        using var output = new MemoryStream();
        int exit = await CaseLines.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(input)),
            output,
            answer ?? ((oneCase, json) => json.WriteNumberValue(oneCase.GetProperty("n").GetInt32())),
            TestContext.Current.CancellationToken,
            maxLineBytes);
        return (Encoding.UTF8.GetString(output.ToArray()), exit);
    }
}
