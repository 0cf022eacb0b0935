namespace IotOps.Emulator.Http;

/// <summary>What a service answers instead of a result; each protocol writes it in its own shape.</summary>
internal sealed class Refusal(int status, string code, string message) : Exception(message)
{
    /// <summary>What the service has and the emulator does not, in the shape of the JSON services: it must not be taken for done.</summary>
    public static Refusal NotImplemented(string message) => new(501, "NotImplementedException", message);

    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Further elements that S3 puts into its error document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];
}
