using System.Text;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class LogCommandTests
{
    private const string Logs = """
        {"timestamp":"2026-01-01 00:00:01.000","logLevel":"ERROR","status":"Failure","eventType":"Connect","reason":"AUTHORIZATION_FAILURE","details":"Denied after 5 ms","clientId":"THING00001","sourceIp":"192.0.2.7"}
        {"timestamp":"2026-01-01 00:00:02.000","logLevel":"INFO","status":"Success","eventType":"Connect","clientId":"THING00002"}
        2026-01-01 00:10:00 ERROR disk 7 full

        """;

    [Fact]
    public async Task Entries_and_free_text_come_out_and_with_errors_only_those()
    {
        (int exit, string output, _) = await FleetProcess.RunAsync(Logs, "logs", "--errors");

        output.ShouldBe("2026-01-01 00:00:01Z  ERROR  Connect  THING00001  AUTHORIZATION_FAILURE  Denied after 5 ms\n2026-01-01 00:10:00Z  ERROR  -  -  -  ERROR disk 7 full\n");
        exit.ShouldBe(0);
        (await FleetProcess.RunAsync(Logs, "logs", "--json")).Output.Split('\n')[1]
            .ShouldBe("""{"epochMs":1767225602000,"error":false,"eventType":"Connect","client":"THING00002","reason":null}""");
    }

    [Fact]
    public async Task Buckets_and_groups_come_out()
    {
        (int exit, string output, _) = await FleetProcess.RunAsync(Logs, "timeline", "--groups");

        output.ReplaceLineEndings("\n").ShouldBe("""
            2026-01-01 00:00:00Z         1
            2026-01-01 00:05:00Z         0
            2026-01-01 00:10:00Z         1
                     1  Connect AUTHORIZATION_FAILURE: Denied after <NUM> ms  clients THING00001:1  addresses 192.0.2.7:1
                     1  text: ERROR disk <NUM> full

            """.ReplaceLineEndings("\n"));
        exit.ShouldBe(0);
        (await FleetProcess.RunAsync(Logs, "timeline", "--bucket", "1h", "--json")).Output.ShouldBe("""{"bucket":"2026-01-01T00:00:00+00:00","errors":2}""" + Environment.NewLine);
    }

    [Fact]
    public async Task A_gzip_file_is_read_as_a_plain_one_and_one_that_is_cut_off_is_told()
    {
        using var directory = new TempDirectory();
        byte[] whole = GzipFile.Of(Encoding.UTF8.GetBytes(Logs));
        await File.WriteAllBytesAsync(directory["whole.gz"], whole, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(directory["cut.gz"], whole[..^4], TestContext.Current.CancellationToken);

        (int exit, string output, _) = await FleetProcess.RunAsync("", "logs", directory["whole.gz"], "--json");
        (int cutExit, string cutOutput, string cutError) = await FleetProcess.RunAsync("", "logs", directory["cut.gz"], "--json");

        (exit, output).ShouldBe((0, (await FleetProcess.RunAsync(Logs, "logs", "--json")).Output));
        (cutExit, cutOutput).ShouldBe((1, output));
        cutError.ShouldStartWith($"FleetTool: {directory["cut.gz"]}: ");
        (await FleetProcess.RunAsync("", "timeline", directory["whole.gz"])).Output.ShouldBe((await FleetProcess.RunAsync(Logs, "timeline")).Output);
    }

    [Theory]
    [InlineData("--bucket is at least 1s", "--bucket", "0s")]
    [InlineData("--compare is at least as long as a bucket", "--compare", "1m")]
    [InlineData("--group needs --since, or --checkpoint with a file that is there", "--group", "AWSIotLogsV2")]
    public async Task A_wrong_command_line_is_told(string message, params string[] args)
    {
        (int exit, _, string error) = await FleetProcess.RunAsync("", ["timeline", .. args]);

        exit.ShouldBe(2);
        error.ShouldStartWith($"FleetTool: {message}");
    }

    [Fact]
    public async Task Templates_are_counted() =>
        (await FleetProcess.RunAsync("took 5 ms\ntook 7 ms\nfailed\n", "templates")).Output.ReplaceLineEndings("\n").ShouldBe("         2  took <NUM> ms\n         1  failed\n");

    [Fact]
    public async Task The_filters_answer_a_line_for_each_case()
    {
        (await FleetProcess.RunAsync("""{"id":1,"log":{"logLevel":"ERROR","event":"Uplink"}}""", "logs", "--lines")).Output
            .ShouldBe("""{"id":1,"result":{"epochMs":null,"error":true,"eventType":"Uplink","client":null,"reason":null}}""" + "\n");
        (await FleetProcess.RunAsync("""{"id":1,"lines":["a b","a c"]}""", "templates", "--lines")).Output
            .ShouldBe("""{"id":1,"result":{"cluster":[1,1],"templates":{"1":"a <*>"}}}""" + "\n");
    }
}
