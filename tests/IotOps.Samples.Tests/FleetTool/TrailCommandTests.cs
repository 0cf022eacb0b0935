using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using IotOps.Samples.FleetTool;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

/// <summary>The program as its user runs it.</summary>
public sealed class TrailCommandTests : IDisposable
{
    private const string Change = """
        {"eventID":"a","eventTime":"2026-01-01T02:03:04Z","eventSource":"iot.amazonaws.com","eventName":"UpdateCertificate","readOnly":false,"sourceIPAddress":"203.0.113.7",
         "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/operator01"},"requestParameters":{"certificateId":"abab","newStatus":"INACTIVE"}}
        """;

    private const string Read = """{"eventID":"b","eventTime":"2026-01-01T03:00:00Z","eventSource":"kms.amazonaws.com","eventName":"Decrypt","readOnly":true,"userAgent":"\u001b[2J"}""";

    private readonly TempDirectory _directory = new();

    public TrailCommandTests()
    {
        using var file = new GZipStream(File.Create(Path.Combine(_directory.Path, "1.json.gz")), CompressionMode.Compress);
        file.Write(System.Text.Encoding.UTF8.GetBytes($"{{\"Records\":[{Change},{Read},{Read}]}}"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Records_are_counted_by_API()
    {
        (int exit, string output, _) = await RunAsync("trail", _directory.Path, "--count", "--json");

        exit.ShouldBe(0);
        JsonElement json = JsonElement.Parse(output);
        json.GetProperty("found").GetInt32().ShouldBe(2);
        json.GetProperty("duplicates").GetInt32().ShouldBe(1);
        json.GetProperty("events").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Records_are_searched_and_printed_with_who_did_what()
    {
        (int exit, string output, _) = await RunAsync("trail", _directory.Path, "--who", "operator01", "--what", "iot:*", "--since", "2026-01-01", "--until", "2026-01-02", "--writes");

        exit.ShouldBe(0);
        output.ShouldBe("2026-01-01T02:03:04Z  Management       iot.amazonaws.com:UpdateCertificate  arn:aws:iam::123456789012:user/operator01  203.0.113.7\n");
    }

    [Theory]
    [InlineData("out.json")]
    [InlineData("out.json.gz")]
    [InlineData("out.jsonl")]
    public async Task Records_are_downloaded(string name)
    {
        string path = Path.Combine(_directory.Path, "down", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        (int exit, string output, _) = await RunAsync("trail", Path.Combine(_directory.Path, "1.json.gz"), "--out", path);

        exit.ShouldBe(0);
        output.ShouldBe($"2 records in {path}{Environment.NewLine}");
        if (name.EndsWith('l'))
        {
            (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Length.ShouldBe(2);
        }
        else
        {
            (await RunAsync("trail", path, "--count", "--json")).Output.ShouldContain("\"found\":2");
        }
    }

    [Fact]
    public async Task Damage_is_told_and_ends_with_1()
    {
        string path = Path.Combine(_directory.Path, "cut.json.gz");
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(Path.Combine(_directory.Path, "1.json.gz"), TestContext.Current.CancellationToken))[..^4], TestContext.Current.CancellationToken);

        (int exit, string output, string error) = await RunAsync("trail", path, "--json");

        exit.ShouldBe(1);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        error.ShouldContain("the gzip is damaged; the records before are kept");
    }

    [Fact]
    public async Task Activity_says_who_did_what_from_where_and_with_which_credentials()
    {
        (int exit, string output, _) = await RunAsync("activity", _directory.Path, "--json");

        exit.ShouldBe(0);
        JsonElement activity = JsonElement.Parse(output);
        activity.GetProperty("credentials").GetString().ShouldBe("IamUser");
        activity.GetProperty("certificate")[0].GetString().ShouldBe("abab");
        (await RunAsync("activity", _directory.Path)).Output.ShouldBe(
            "2026-01-01T02:03:04Z  UpdateCertificate  arn:aws:iam::123456789012:user/operator01 (IamUser) from 203.0.113.7  certificate=abab  newStatus=INACTIVE\n");
    }

    [Theory]
    [InlineData("give one of PATH, --bucket and --history", "trail")]
    [InlineData("--since is a time such as 2026-01-31T14:00:00Z or 2026-01-31, or how long ago, such as 2h; not 'noon'", "trail", ".", "--since", "noon")]
    [InlineData("--out ends with .json, .jsonl, .json.gz or .jsonl.gz, not 'x.csv'", "trail", ".", "--out", "x.csv")]
    public async Task A_wrong_command_line_is_told(string message, params string[] args)
    {
        (int exit, _, string error) = await RunAsync(args);

        exit.ShouldBe(2);
        error.ShouldStartWith($"FleetTool: {message}");
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(FleetCommands).Assembly.Location);
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
