using System.IO.Compression;
using System.Text.Json;
using IotOps.TestKit;

namespace IotOps.AotSmoke;

public sealed class NativeFleetToolTests(NativeFleetTool tool) : IClassFixture<NativeFleetTool>
{
    [Fact]
    public void It_is_published_without_a_warning() => tool.PublishOutput.ShouldNotContain("warning", Case.Insensitive);

    private static readonly string Vectors = Path.Combine(Repository.Root, "tests", "IotOps.Fleet.Tests", "Vectors");

    [Theory]
    [InlineData("selectors", "cloudtrail/selectors.jsonl")]
    [InlineData("digest", "cloudtrail/digests.jsonl")]
    [InlineData("match", "fleet/patterns.jsonl")]
    [InlineData("query", "fleet/queries.jsonl", "--things", "fleet/things.json")]
    [InlineData("lifecycle", "fleet/sequences.jsonl")]
    [InlineData("logs", "fleet/entries.jsonl")]
    [InlineData("findings", "fleet/messages.jsonl")]
    [InlineData("templates", "fleet/cases.jsonl")]
    public async Task The_filter_answers_every_vector(string command, string vectors, params string[] option)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Vectors, vectors));
        string[] options = option is [var name, var file] ? [name, Path.Combine(Vectors, file)] : [];

        (int code, string output) = await tool.RunAsync(string.Join('\n', lines), [command, "--lines", .. options]);

        code.ShouldBe(0);
        string[] answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answers.Length.ShouldBe(lines.Length);
        foreach ((string line, string answer) in lines.Zip(answers))
        {
            JsonElement one = JsonElement.Parse(line);
            Has(JsonElement.Parse(answer).GetProperty("result"), one.TryGetProperty("expect", out JsonElement expect) ? expect : one).ShouldBeTrue(answer);
        }
    }

    [Fact]
    public async Task A_fleet_is_simulated_and_its_faults_are_found()
    {
        using var directory = new TempDirectory();

        (int code, string output) = await tool.RunAsync("", "simulate", "--out", directory.Path, "--start", "2026-01-01", "--devices", "30", "--json");

        code.ShouldBe(0);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);
        (await tool.RunAsync("", "lifecycle", directory["lifecycle.jsonl"])).Output.ShouldContain("FleetDrop");
        (await tool.RunAsync("", "timeline", directory["iot-logs.jsonl"])).Output.ShouldContain("surge");
    }

    // A vector names what matters: an answer may have more members, and what the guide leaves open is not held against it.
    private static bool Has(JsonElement result, JsonElement expect) => expect.ValueKind switch
    {
        JsonValueKind.Object when expect.TryGetProperty("cluster", out _) => new[] { "cluster", "templates" }.All(name => JsonElement.DeepEquals(result.GetProperty(name), expect.GetProperty(name))),
        JsonValueKind.Object => expect.EnumerateObject().All(member => member.Name is "note" or "session" || (result.TryGetProperty(member.Name, out JsonElement value) && Has(value, member.Value))),
        JsonValueKind.Array => result.GetArrayLength() == expect.GetArrayLength() && result.EnumerateArray().Zip(expect.EnumerateArray()).All(pair => Has(pair.First, pair.Second)),
        JsonValueKind.String when expect.GetString() == "open" => true,
        _ => JsonElement.DeepEquals(result, expect),
    };

    [Fact]
    public async Task It_counts_records()
    {
        using var directory = new TempDirectory();
        await using (var file = new GZipStream(File.Create(directory["a.json.gz"]), CompressionMode.Compress))
        {
            file.Write("""{"Records":[{"eventID":"a","eventName":"x"},{"eventID":"a"},{"eventID":"b","eventName":"x"}]}"""u8);
        }

        (int code, string output) = await tool.RunAsync("", "trail", directory.Path, "--count", "--json");

        code.ShouldBe(0);
        JsonElement.Parse(output).GetProperty("found").GetInt32().ShouldBe(2);
    }
}
