using System.Diagnostics;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Agent;

/// <summary>The agent under libfaketime, on a device that starts in 1970 and has no NTP yet, against real TLS.</summary>
public sealed class ClockOf1970Tests(InteropPeers peers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task MQTT_and_the_credentials_endpoint_name_the_clock()
    {
        string faketime = peers.Require("faketime").Program;
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        DeviceCertificate device = emulator.Iot.IssueDeviceCertificate("THING00001");
        await File.WriteAllTextAsync(_directory["device.pem"], device.CertificatePem);
        await File.WriteAllTextAsync(_directory["device.key"], device.PrivateKeyPem);
        await File.WriteAllTextAsync(_directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        await File.WriteAllTextAsync(_directory["app.log"], "one\n");
        await File.WriteAllTextAsync(_directory["agent.json5"], $$"""
            { thing: 'THING00001', region: 'us-east-1', endpoint: '{{emulator.Endpoint}}', caBundle: 'ca.pem',
              services: { cloud: { keys: true, shadow: true } },
              keys: { endpoint: '{{emulator.Iot.CredentialsEndpoint}}', roleAlias: 'alias', certificate: 'device.pem', key: 'device.key' },
              mqtt: { endpoint: 'localhost', port: {{emulator.Mqtt.TlsPort}}, certificate: 'device.pem', key: 'device.key' },
              logs: { files: [ { path: 'app.log', group: 'g', stream: 's' } ] } }
            """);

        string log = await RunUntilAsync(faketime, text => text.Contains("IotOps.Mqtt", StringComparison.Ordinal) && text.Contains("asked for credentials", StringComparison.Ordinal));

        string[] warnings = [.. log.Split('\n').Where(line => line.Contains("is not valid yet", StringComparison.Ordinal))];
        warnings.ShouldContain(line => line.Contains("IotOps.Mqtt.MqttConnection[403]", StringComparison.Ordinal) && line.Contains("this device's clock says 1970-01-01", StringComparison.Ordinal));
        warnings.ShouldContain(line => line.Contains("could not be asked for credentials", StringComparison.Ordinal) && line.Contains("this device's clock says 1970-01-01", StringComparison.Ordinal));
        emulator.Logs.AcceptedEvents.ShouldBe(0);
    }

    private async Task<string> RunUntilAsync(string faketime, Func<string, bool> isEnough)
    {
        string agent = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "DeviceAgent", new DirectoryInfo(AppContext.BaseDirectory).Name, "DeviceAgent.dll"));
        using var process = Process.Start(new ProcessStartInfo(faketime, ["-f", "@1970-01-01 00:05:00", "dotnet", agent, "run", "--config", _directory["agent.json5"]])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment = { ["AWS_CONFIG_FILE"] = "/nonexistent", ["AWS_ENDPOINT_URL"] = "", ["TZ"] = "UTC" },
        })!;
        string log = "";
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!isEnough(log) && await process.StandardError.ReadLineAsync(patience.Token) is { } line)
            {
                log += line + "\n";
            }

            return log;
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException($"The agent logged only this: {log}", e);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
