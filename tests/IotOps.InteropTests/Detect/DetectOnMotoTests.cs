using System.Text.Json;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Detect;

/// <summary>FleetTool's worker of detection on moto: messages on SQS, state in DynamoDB, alarms to SNS.</summary>
public sealed class DetectOnMotoTests(InteropPeers peers) : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly MotoStage _moto = new(peers);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_device_that_opens_a_port_is_one_message_of_the_topic_and_the_next_run_knows_it_by_the_table()
    {
        await using var receiver = new HttpReceiver();
        string topic = (await _moto.BotoAsync("topic", "detect-run", receiver.Url.ToString())).GetProperty("topic").GetString()!;

        // As many as are judged without waiting for a report before them.
        string queue = (await _moto.BotoAsync(["queue", "detect-run", .. Enumerable.Range(1, 17).Select(Report)])).GetProperty("queue").GetString()!;
        await File.WriteAllTextAsync(
            _directory["ports.json"],
            """{"securityProfileName":"ports","behaviors":[{"name":"ssh-only","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[22]}}}]}""",
            Cancelled);
        string[] run = ["detect", "run", "--profiles", _directory.Path, "--queue", queue, "--table", "detect-run", "--topic", topic, "--once", "--json"];

        PeerResult first = await _moto.RunAsync([.. run, "--create-table"]);

        first.ExitCode.ShouldBe(0, first.Error);
        JsonElement.Parse(first.Output).GetProperty("alarms").GetInt32().ShouldBe(1);
        JsonElement message = await MotoStage.NotificationAsync(receiver, Cancelled);
        message.GetProperty("rule").GetString().ShouldBe("ports/ssh-only");
        message.GetProperty("devices")[0].GetString().ShouldBe("pump-1");
        (await _moto.LeftAsync(queue)).ShouldBe(0);

        PeerResult again = await _moto.RunAsync(run);
        again.ExitCode.ShouldBe(0, again.Error);
        JsonElement.Parse(again.Output).GetProperty("alarms").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_named()
    {
        await File.WriteAllTextAsync(_directory["p.json"], """{"securityProfileName":"p","behaviors":[]}""", Cancelled);

        PeerResult result = await _moto.RunAsync("detect", "run", "--profiles", _directory.Path, "--queue", "http://127.0.0.1:1/q", "--table", "no-such-table", "--once");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith("FleetTool: The ");
    }

    private static string Report(int id) =>
        $$$"""{"report":{"header":{"report_id":{{{id * 300}}},"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"port":23}],"total":1} } },"thing":"pump-1","time":{{{1_767_225_600_000 + (id * 300_000)}}}}""";
}
