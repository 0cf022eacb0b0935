using IotOps.Emulator;

namespace IotOps.InteropTests.Emulator;

/// <summary>How a peer is told where the emulator is: by its environment alone, as for AWS.</summary>
internal static class EmulatorPeer
{
    public static Dictionary<string, string> Environment(AwsEmulator emulator) => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString().TrimEnd('/'),
        ["AWS_ACCESS_KEY_ID"] = emulator.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = emulator.SecretAccessKey,
        ["AWS_SESSION_TOKEN"] = "",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = "/nonexistent",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent",
    };
}
