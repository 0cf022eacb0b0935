using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests;

/// <summary>The contract over TLS with a client certificate in MQTT 3.1.1.</summary>
public sealed class MqttConnectionTlsContract : MqttConnectionContract, IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    /// <inheritdoc/>
    protected override async Task<IMqttConnection> ConnectAsync(AwsEmulator emulator)
    {
        DeviceCertificate certificate = emulator.Iot.IssueDeviceCertificate(ClientId);
        await File.WriteAllTextAsync(_directory["device.pem"], certificate.CertificatePem);
        await File.WriteAllTextAsync(_directory["device.key"], certificate.PrivateKeyPem);
        await File.WriteAllTextAsync(_directory["ca.pem"], emulator.Iot.CertificateAuthorityPem);
        return await ConnectedAsync(Options with
        {
            Port = emulator.Mqtt.TlsPort,
            ProtocolVersion = MqttProtocolVersion.V311,
            Tls = new MqttTlsOptions
            {
                CertificateFile = _directory["device.pem"],
                PrivateKeyFile = _directory["device.key"],
                CaFile = _directory["ca.pem"],
                ApplicationProtocol = "x-amzn-mqtt-ca",
            },
        });
    }

    [Fact]
    public void The_host_and_the_protocol_are_named_in_the_handshake() =>
        Broker.Clients.Single().ShouldSatisfyAllConditions(
            client => client.ServerName.ShouldBe("localhost"),
            client => client.ApplicationProtocol.ShouldBe("x-amzn-mqtt-ca"),
            client => client.ThingName.ShouldBe(ClientId),
            client => client.ProtocolVersion.ShouldBe(4));
}
