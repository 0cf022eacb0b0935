using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>The agent as a process: a message that it took offline outlives its kill, and goes out over an encrypted key.</summary>
public sealed class DeviceAgentOutboxTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_message_published_offline_arrives_after_a_kill_and_over_an_encrypted_key()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await WriteKeyAsync(emulator);

        // Nobody listens on port 9.
        await ConfigureAsync(port: 9);
        using (Process offline = Start())
        {
            await UntilAsync(offline, line => line.Contains("Started", StringComparison.Ordinal));
            PeerResult published = await AgentAsync("publish", "devices/THING00001/alarms", "überhitzt");
            published.ExitCode.ShouldBe(0, published.Error);
            (await AgentAsync("publish", "no/+/topic", "x")).Error.ShouldContain("'no/+/topic' is no topic to publish to");
            offline.Kill();
            await offline.WaitForExitAsync();
        }

        PeerResult nobody = await AgentAsync("publish", "devices/THING00001/alarms", "lost");
        nobody.ExitCode.ShouldBe(1);
        nobody.Error.ShouldContain("no agent with services.cloud.outbox runs");

        await ConfigureAsync(emulator.Mqtt.TlsPort);
        using Process online = Start();
        using var patience = new CancellationTokenSource(Patience);
        ReceivedMessage message = (await emulator.Mqtt.Received.WaitForAsync("devices/THING00001/alarms", cancellationToken: patience.Token))[0];
        online.Kill();

        message.Text.ShouldBe("überhitzt");
    }

    private async Task WriteKeyAsync(AwsEmulator emulator)
    {
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate("THING00001");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem);
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        await File.WriteAllTextAsync(_directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        await File.WriteAllTextAsync(_directory["device.pem"], device.CertificatePem);
        await File.WriteAllTextAsync(_directory["device.key"], key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        await File.WriteAllTextAsync(_directory["phrase"], "secret\n");
    }

    private Task ConfigureAsync(int port) => File.WriteAllTextAsync(_directory["agent.json5"], $$"""
        { thing: 'THING00001', region: 'us-east-1', services: { cloud: { logs: false, outbox: true } },
          mqtt: { endpoint: 'localhost', port: {{port}}, ca: 'ca.pem', certificate: 'device.pem', key: 'device.key', passPhraseFile: 'phrase' } }
        """);

    private static string AgentPath => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet", [AgentPath, "run", "--config", _directory["agent.json5"]]) { UseShellExecute = false, RedirectStandardError = true })!;

    private Task<PeerResult> AgentAsync(string command, string topic, string payload) =>
        PeerCommand.TryRunAsync("dotnet", [AgentPath, command, topic, payload, "--config", _directory["agent.json5"]]);

    private static async Task UntilAsync(Process process, Func<string, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (isIt(line))
            {
                return;
            }
        }

        throw new InvalidOperationException("The agent ended.");
    }
}
