using System.IO.Compression;
using System.Text.Json;
using IotOps.TestKit;

namespace IotOps.AotSmoke;

public sealed class NativeFleetToolTests(NativeFleetTool tool) : IClassFixture<NativeFleetTool>
{
    [Fact]
    public void It_is_published_without_a_warning() => tool.PublishOutput.ShouldNotContain("warning", Case.Insensitive);

    [Theory]
    [InlineData("selectors", "cloudtrail/selectors.jsonl")]
    [InlineData("digest", "cloudtrail/digests.jsonl")]
    [InlineData("match", "fleet/patterns.jsonl")]
    public async Task The_filter_answers_every_vector(string command, string vectors)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "IotOps.Fleet.Tests", "Vectors", vectors));

        (int code, string output) = await tool.RunAsync(string.Join('\n', lines), command, "--lines");

        code.ShouldBe(0);
        string[] answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answers.Length.ShouldBe(lines.Length);
        foreach ((string line, string answer) in lines.Zip(answers))
        {
            JsonElement one = JsonElement.Parse(line);
            JsonElement.DeepEquals(JsonElement.Parse(answer).GetProperty("result"), one.GetProperty("expect")).ShouldBeTrue(answer);
        }
    }

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
