using System.Text.Json.Nodes;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class EvidenceCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Bundle => _directory["incident.zip"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_bundle_is_collected_from_files_and_verified_and_a_changed_byte_is_found()
    {
        Directory.CreateDirectory(_directory["logs/a"]);
        await File.WriteAllTextAsync(_directory["logs/a/iot.log"], "line\n", Token);
        await File.WriteAllTextAsync(_directory["trail.json"], """{"Records":[]}""", Token);

        (int exit, string output, string error) = await RunAsync("collect", Bundle, "--incident", "incident-7", "--logs", _directory["logs"], "--trail", _directory["trail.json"], "--json");
        exit.ShouldBe(0, error);
        JsonNode seal = JsonNode.Parse(output)!;
        ((int)seal["files"]!).ShouldBe(2);

        (exit, output, _) = await RunAsync("verify", Bundle, "--manifest-sha256", (string)seal["manifestSha256"]!);
        (exit, output.TrimEnd()).ShouldBe((0, $"{Bundle}: intact, 2 files of incident-7."));

        (exit, _, error) = await RunAsync("collect", Bundle, "--incident", "incident-7", "--logs", _directory["logs"]);
        (exit, error.Contains("evidence is not overwritten", StringComparison.Ordinal)).ShouldBe((1, true), error);

        byte[] bytes = await File.ReadAllBytesAsync(Bundle, Token);
        bytes[bytes.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(Bundle, bytes, Token);
        (exit, output, _) = await RunAsync("verify", Bundle, "--json");
        exit.ShouldBe(1);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.SkipLast(1).Select(line => (string?)JsonNode.Parse(line)!["problem"]).ShouldContain(problem => problem == "NotTheSealed");
        ((bool)JsonNode.Parse(lines[^1])!["intact"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_to_collect_is_refused_and_a_file_that_is_missing_leaves_no_bundle()
    {
        (int exit, _, string error) = await RunAsync("collect", Bundle, "--incident", "i");
        (exit, error.Contains("there is nothing to collect", StringComparison.Ordinal)).ShouldBe((2, true), error);

        (exit, _, error) = await RunAsync("collect", Bundle, "--incident", "i", "--logs", _directory["none.log"]);
        (exit, File.Exists(Bundle)).ShouldBe((1, false), error);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => FleetProcess.RunAsync("", ["evidence", .. arguments]);
}
