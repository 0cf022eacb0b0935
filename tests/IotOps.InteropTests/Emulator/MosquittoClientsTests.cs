using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Emulator;

public sealed class MosquittoClientsTests(InteropPeers peers)
{
    [Theory]
    [InlineData("311", "0")]
    [InlineData("311", "1")]
    [InlineData("5", "0")]
    [InlineData("5", "1")]
    public async Task Mosquitto_pub_and_sub_meet_at_the_emulator(string version, string qos)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        Task<string> heard = SubscribeAsync(emulator, "-V", version, "-q", qos, "-t", "a/+", "-i", "sub");
        await emulator.Mqtt.WaitForSubscriptionAsync("sub", "a/+");

        await PublishAsync(emulator, "-V", version, "-q", qos, "-t", "a/b", "-m", "hello", "-i", "pub");

        (await heard).Trim().ShouldBe("a/b hello");
        ReceivedMessage seen = emulator.Mqtt.Received.ShouldHaveSingleItem();
        (seen.ClientId, seen.QoS.ToString(), seen.Text).ShouldBe(("pub", qos, "hello"));
    }

    [Fact]
    public async Task Retained_messages_properties_and_wills_reach_mosquitto_sub()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await PublishAsync(
            emulator, "-V", "5", "-q", "1", "-r", "-t", "kept", "-m", "old", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "k", "v");
        string kept = await SubscribeAsync(emulator, "-V", "5", "-t", "kept", "-F", "%t %r %C %P %p");
        kept.Trim().ShouldBe("kept 1 text/plain k:v old");

        Task<string> will = SubscribeAsync(emulator, "-V", "5", "-t", "gone", "-i", "watcher");
        await emulator.Mqtt.WaitForSubscriptionAsync("watcher", "gone");
        Task<PeerResult> dying = PeerCommand.TryRunAsync(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", Port(emulator), "-i", "dying", "-t", "x", "--will-topic", "gone", "--will-payload", "cut", "-W", "10", "-C", "1"]);
        await emulator.Mqtt.WaitForClientAsync("dying");
        emulator.Mqtt.Cut("dying");
        (await will).Trim().ShouldBe("gone cut");
        await emulator.Mqtt.WaitForClientAsync("dying");
        emulator.Mqtt.Publish("x", "enough");
        await dying;
    }

    [Fact]
    public async Task A_session_keeps_what_mosquitto_sub_missed()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await PeerCommand.RunAsync(Program(), ["-h", "127.0.0.1", "-p", Port(emulator), "-i", "c", "-c", "-q", "1", "-t", "t", "-E"]);
        await emulator.Mqtt.WaitForDepartureAsync("c");
        emulator.Mqtt.Publish("t", "missed");

        string heard = await SubscribeAsync(emulator, "-i", "c", "-c", "-q", "1", "-t", "t");

        heard.Trim().ShouldBe("t missed");
    }

    [Fact]
    public async Task TLS_with_a_device_certificate()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        using var directory = new TempDirectory();
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate("THING00001");
        await File.WriteAllTextAsync(directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        await File.WriteAllTextAsync(directory["cert.pem"], device.CertificatePem);
        await File.WriteAllTextAsync(directory["key.pem"], device.PrivateKeyPem);
        string[] connect =
        [
            "-h", "localhost", "-p", emulator.Mqtt.TlsPort.ToString(), "--cafile", directory["ca.pem"],
            "--cert", directory["cert.pem"], "--key", directory["key.pem"], "-i", "THING00001", "-q", "1", "-t", "t", "-m", "m",
        ];
        peers.Require("mosquitto-clients");

        await PeerCommand.RunAsync("mosquitto_pub", connect);
        await PeerCommand.RunAsync("mosquitto_pub", [.. connect, "--tls-alpn", "x-amzn-mqtt-ca"]);
        emulator.Iot.Revoke(device);
        (await PeerCommand.TryRunAsync("mosquitto_pub", connect)).ExitCode.ShouldNotBe(0);

        emulator.Mqtt.Received.Total.ShouldBe(2);
    }

    [Fact]
    public async Task A_shadow_is_updated_by_mosquitto_pub()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        Task<string> delta = SubscribeAsync(emulator, "-i", "sub", "-q", "1", "-t", "$aws/things/t/shadow/update/delta");
        await emulator.Mqtt.WaitForSubscriptionAsync("sub", "$aws/things/t/shadow/update/delta");

        await PublishAsync(emulator, "-q", "1", "-t", "$aws/things/t/shadow/update", "-m", """{"state":{"desired":{"led":true}}}""");

        (await delta).ShouldContain("""
            "state":{"led":true}
            """.Trim());
    }

    private string Program() => peers.Require("mosquitto-clients").Program;

    private static string Port(AwsEmulator emulator) => emulator.Mqtt.Port.ToString();

    private Task<string> SubscribeAsync(AwsEmulator emulator, params string[] arguments) =>
        PeerCommand.RunAsync(Program(), ["-h", "127.0.0.1", "-p", Port(emulator), "-C", "1", "-W", "20", "-v", .. arguments]);

    private Task<string> PublishAsync(AwsEmulator emulator, params string[] arguments)
    {
        peers.Require("mosquitto-clients");
        return PeerCommand.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", Port(emulator), .. arguments]);
    }
}
