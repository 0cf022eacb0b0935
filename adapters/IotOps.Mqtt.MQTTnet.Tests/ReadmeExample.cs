using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace IotOps.Mqtt.Tests;

/// <summary>The README's example, so that it compiles.</summary>
internal static class ReadmeExample
{
    public static async Task PublishAsync(X509Certificate2 certificate, byte[] payload)
    {
        MqttClientOptions client = new MqttClientOptionsBuilder()
            .WithTcpServer("a1b2c3-ats.iot.eu-west-1.amazonaws.com", 8883)
            .WithTlsOptions(tls => tls.WithClientCertificates(new X509Certificate2Collection(certificate)))
            .WithClientId("THING00001")
            .WithCleanStart(false)
            .WithSessionExpiryInterval(3600)
            .WithReceiveMaximum(100)
            .WithoutPacketFragmentation()
            .Build();

        await using var connection = new MqttNetConnection(new MqttClientFactory().CreateMqttClient(), client);
        await connection.ConnectAsync();
        await connection.PublishAsync("devices/THING00001/telemetry", payload);
    }
}
