using System.Text;
using System.Text.Json;
using IotOps.Emulator;

namespace IotOps.Samples.EmulatorHost;

/// <summary>What a client needs in order to connect. The keys are public test keys, so they may be printed.</summary>
internal static class ConnectionText
{
    /// <summary>Lines for a POSIX shell.</summary>
    public static string Shell(AwsEmulator emulator, string? certificates) =>
        string.Join('\n', Variables(emulator, certificates).Select(v => $"export {v.Name}={v.Value}"));

    /// <summary>One line of JSON, the same names as members.</summary>
    public static string Json(AwsEmulator emulator, string? certificates)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach ((string name, string value) in Variables(emulator, certificates))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static (string Name, string Value)[] Variables(AwsEmulator emulator, string? certificates) =>
    [
        ("AWS_ENDPOINT_URL", emulator.Endpoint.ToString().TrimEnd('/')),
        ("AWS_ACCESS_KEY_ID", emulator.AccessKeyId),
        ("AWS_SECRET_ACCESS_KEY", emulator.SecretAccessKey),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("IOTOPS_CREDENTIALS_ENDPOINT", emulator.Iot.CredentialsEndpoint.ToString().TrimEnd('/')),
        ("IOTOPS_MQTT_PORT", emulator.Mqtt.Port.ToString()),
        ("IOTOPS_MQTTS_PORT", emulator.Mqtt.TlsPort.ToString()),
        .. certificates is null ? [] : new[] { ("IOTOPS_CERTIFICATES", certificates) },
    ];
}
