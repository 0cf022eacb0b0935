using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class Boto3Tests(InteropPeers peers)
{
    [Fact]
    public async Task Boto3_works_unmodified_and_reads_the_errors_as_those_of_AWS()
    {
        Peer boto3 = peers.Require("boto3");
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "boto3_calls.py");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script], EmulatorPeer.Environment(emulator)))!;

        ((bool)seen["bigIsEqual"]!).ShouldBeTrue();
        ((int)seen["bigParts"]!).ShouldBe(3);
        seen["checksums"]!.ToJsonString().ShouldBe("""{"CRC32":"y/Q5Jg==","SHA1":"98O8HYCOBHMq32eZZczDTKeuNEE=","SHA256":"FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}""", StringCompareShould.IgnoreLineEndings);
        Texts(seen["keys"]!).ShouldBe(["CRC32", "SHA1", "SHA256", "dir/\u00e4 big+1.bin"]);
        Texts(seen["folders"]!).ShouldBe(["dir/"]);
        Texts(seen["presigned"]!).ShouldBe(["123456789", "123456789"]);
        ((string?)seen["putByUrl"]).ShouldBe("by url");
        Texts(seen["deleted"]!).Length.ShouldBe(4);
        ((string?)seen["wrongSecret"]).ShouldBe("SignatureDoesNotMatch");
        ((string?)seen["noSuchKey"]).ShouldBe("NoSuchKey");
        ((string?)seen["ifNoneMatch"]).ShouldBe("PreconditionFailed");

        Texts(seen["events"]!).ShouldBe(["a0 \U0001F680 \"q\"", "a1 \U0001F680 \"q\"", "a2 \U0001F680 \"q\""]);
        Texts(seen["filtered"]!).ShouldBe(["a0", "b0", "a1", "b1", "a2", "b2"]);
        ((int)seen["rejected"]!["tooOldLogEventEndIndex"]!).ShouldBe(1);
        ((string?)seen["noSuchGroup"]).ShouldBe("ResourceNotFoundException");
        ((string?)seen["logsWrongSecret"]).ShouldBe("InvalidSignatureException");
        ((int)seen["retention"]!).ShouldBe(30);
    }

    [Fact]
    public async Task A_refused_put_does_not_harm_the_next_call_on_its_connection_and_the_installed_model_holds_no_surprise()
    {
        Peer boto3 = peers.Require("boto3");
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "boto3_s3_lock.py");
        string members = Path.Combine(AppContext.BaseDirectory, "Vectors", "members.jsonl");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script, members], EmulatorPeer.Environment(emulator)))!;

        seen["steps"]!.AsArray().Select(s => (string?)s![0]).ShouldBe(
            ["PreconditionFailed", null, "PreconditionFailed", null, "PreconditionFailed", null, "NoSuchBucket", null, "NotImplemented", "PreconditionFailed", null]);
        seen["steps"]!.AsArray().ShouldAllBe(s => (bool)s![1]!);
        ((string?)seen["other"]).ShouldBe("y");
        seen["unknown"]!.AsArray().Where(u => (int)u![2]! != 501).Select(u => u!.ToJsonString()).ShouldBeEmpty("what S3 gained since must be refused by its name");
    }

    private static string?[] Texts(JsonNode array) => [.. array.AsArray().Select(t => (string?)t)];
}
