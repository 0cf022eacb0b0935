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

    private static string?[] Texts(JsonNode array) => [.. array.AsArray().Select(t => (string?)t)];
}
