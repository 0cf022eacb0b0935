using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class BatchAndStsTests(InteropPeers peers)
{
    [Fact]
    public async Task Boto3_assumes_a_role_and_runs_jobs_with_its_keys()
    {
        Peer boto3 = peers.Require("boto3");
        await using AwsEmulator emulator = await StartAsync();
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "boto3_batch_sts.py");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script], EmulatorPeer.Environment(emulator)))!;

        ((string?)seen["caller"]).ShouldBe("arn:aws:iam::123456789012:user/emulator");
        ((string?)seen["assumed"]).ShouldBe("arn:aws:sts::210987654321:assumed-role/LogExport/export@1");
        ((double)seen["seconds"]!).ShouldBe(3_600);
        seen["denied"]!.ToJsonString().ShouldBe("""["AccessDenied",403]""");
        seen["invalid"]!.ToJsonString().ShouldBe("""["ValidationError",400]""");
        ((string?)seen["assumedCaller"]).ShouldBe("210987654321");
        seen["chained"]!.ToJsonString().ShouldBe("""["ValidationError",400]""");
        seen["job"]!.ToJsonString().ShouldBe("""["SUCCEEDED",0,["generate-ziplog","--identifier","THING00001"],{"Identifier":"THING00001","Request":"r-1"}]""");
        seen["array"]!.ToJsonString().ShouldBe("""["SUCCEEDED",3,3]""");
        seen["listed"]!.ToJsonString().ShouldBe("""["shards","iot-log_1"]""");
        seen["byName"]!.ToJsonString().ShouldBe("[true]");
        ((string?)seen["terminated"]).ShouldBe("enough");
        seen["absent"]!.ToJsonString().ShouldBe("""["FAILED",2,"CannotPullContainerError"]""");
        seen["definitions"]!.ToJsonString().ShouldBe("""["absent:1"]""");
        seen["noQueue"]!.ToJsonString().ShouldBe("""["ClientException",400]""");
        seen["wrongSecret"]!.ToJsonString().ShouldBe("""["InvalidSignatureException",403]""");
        emulator.Batch.Jobs[0].SubmittedBy.ShouldBe("arn:aws:sts::210987654321:assumed-role/LogExport/export@1");
    }

    [Fact]
    public async Task Aws_cli_submits_and_describes_a_job()
    {
        await using AwsEmulator emulator = await StartAsync();
        JsonNode submitted = JsonNode.Parse(await AwsAsync(
            emulator, "batch", "submit-job", "--job-name", "by-cli", "--job-queue", "slack", "--job-definition", "generate", "--parameters", "Identifier=THING00002", "--output", "json"))!;
        string id = (string)submitted["jobId"]!;
        (await emulator.Batch.WaitAsync(id)).Command.ShouldBe(["generate-ziplog", "--identifier", "THING00002"]);
        (await AwsAsync(emulator, "batch", "describe-jobs", "--jobs", id, "--query", "jobs[0].status", "--output", "text")).Trim().ShouldBe("SUCCEEDED");
        (await AwsAsync(emulator, "sts", "get-caller-identity", "--query", "Account", "--output", "text")).Trim().ShouldBe("123456789012");
    }

    private static async Task<AwsEmulator> StartAsync()
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.Sts.SetRole(new EmulatedRole { Arn = "arn:aws:iam::210987654321:role/Denied", CanBeAssumed = false });
        emulator.Batch.CreateJobQueue("slack");
        emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "generate",
            Command = ["generate-ziplog", "--identifier", "Ref::Identifier"],
            Run = (_, _) => Task.FromResult(0),
        });
        emulator.Batch.RegisterJobDefinition(new BatchJobDefinition
        {
            Name = "slow",
            Run = async (_, stop) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return 0;
            },
        });
        return emulator;
    }

    private Task<string> AwsAsync(AwsEmulator emulator, params string[] arguments) =>
        PeerCommand.RunAsync(peers.Require("aws-cli").Program, arguments, EmulatorPeer.Environment(emulator));
}
