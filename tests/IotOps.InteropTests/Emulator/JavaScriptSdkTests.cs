using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class JavaScriptSdkTests(InteropPeers peers)
{
    [Fact]
    public async Task AWS_SDK_for_JavaScript_works_unmodified()
    {
        Peer sdk = peers.Require("aws-sdk-js");
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "s3_sdk.js");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(sdk.Program, [script], EmulatorPeer.Environment(emulator)))!;

        Json(seen, "defaultChecksum").ShouldBe("\"O4unxw==\"", "what the SDK sends when nothing is asked for");
        Json(seen, "read").ShouldBe("""["text","text/plain","t",1]""");
        Json(seen, "stream").ShouldBe("65539");
        Json(seen, "range").ShouldBe("\"aend\"");
        Json(seen, "sums").ShouldBe("""{"CRC32":"y/Q5Jg==","CRC32C":"4waSgw==","CRC64NVME":"rosUhgp5mIg=","SHA1":"98O8HYCOBHMq32eZZczDTKeuNEE=","SHA256":"FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}""");
        Json(seen, "attributes").ShouldBe("""[65539,"FULL_OBJECT"]""");
        Json(seen, "copy").ShouldBe("""["FULL_OBJECT",[{"Key":"site","Value":"south"}]]""");
        Json(seen, "refusals").ShouldBe("""["NoSuchKey","NotFound","NoSuchBucket","PreconditionFailed","NotImplemented"]""");

        Json(seen, "big").ShouldBe("""[["big/CRC32C",11534336,"-3"],["big/SHA256",11534336,"-3"],["big/undefined",11534336,"-3"]]""");
        Json(seen, "equal").ShouldBe("true");
        Json(seen, "part").ShouldBe("1048576");
        Json(seen, "pending").ShouldBe("[2,2,1]");
        Json(seen, "parts").ShouldBe("[2,1]");

        Json(seen, "putByUrl").ShouldBe("200");
        Json(seen, "gotByUrl").ShouldBe("""["by url","text/x","url"]""");

        Json(seen, "versioning").ShouldBe("\"Enabled\"");
        Json(seen, "marker").ShouldBe("""[true,"NoSuchKey"]""");
        Json(seen, "first").ShouldBe("\"one\"");
        Json(seen, "order").ShouldBe("[[2,1,0],[true]]");
        Json(seen, "restored").ShouldBe("""[true,"two"]""");
        Json(seen, "tags").ShouldBe("""[{"Key":"k","Value":"v"}]""");
        Json(seen, "lifecycle").ShouldBe("""[["a","x/",7]]""");
        Json(seen, "errors").ShouldBe("[]");
        Json(seen, "left").ShouldBe("0", "a clean-up by pages leaves nothing");
        ((int)seen["pages"]!).ShouldBeGreaterThan(5);
        Json(seen, "buckets").ShouldBe("0");
    }

    private static string Json(JsonNode seen, string name) => seen[name]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
