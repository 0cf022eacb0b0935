using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What only Secrets Manager or environment variables may say: neither a file in a repository nor a process list is to show it.</summary>
internal sealed class SlackSecrets
{
    /// <summary>Name of the variable with the signing secrets.</summary>
    public const string SigningSecretVariable = "SLACK_SIGNING_SECRET";

    /// <summary>Name of the variable with the bot token.</summary>
    public const string BotTokenVariable = "SLACK_BOT_TOKEN";

    /// <summary>Name of the variable that names a secret of AWS Secrets Manager.</summary>
    public const string SecretIdVariable = "SLACK_SECRET_ID";

    private static readonly AwsService SecretsManager = new("secretsmanager", "secretsmanager", "SECRETS_MANAGER");

    private SlackSecrets(IReadOnlyList<string> signingSecrets, string? botToken)
    {
        SigningSecrets = signingSecrets;
        BotToken = botToken;
    }

    /// <summary>During a rotation the old one and the new one.</summary>
    public IReadOnlyList<string> SigningSecrets { get; }

    /// <summary>Null when the app has no bot.</summary>
    public string? BotToken { get; }

    /// <summary>Reads what a server needs: from Secrets Manager where <see cref="SecretIdVariable"/> names a secret, otherwise from the variables themselves.</summary>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="transport">Reaches AWS; null for a transport of the client's own.</param>
    /// <param name="credentials">Keys; null for the default chain.</param>
    /// <exception cref="UsageException">There is no signing secret, or it is named in both places.</exception>
    /// <exception cref="AwsException">Secrets Manager refused, or stayed out of reach.</exception>
    /// <exception cref="InvalidOperationException">The secret is not what it has to be; the message does not quote it.</exception>
    public static async Task<SlackSecrets> ReadAsync(Func<string, string?> environment, HttpMessageHandler? transport = null, AWSCredentials? credentials = null)
    {
        if (environment(SecretIdVariable) is not { Length: > 0 } id)
        {
            return Read(environment);
        }

        if (environment(SigningSecretVariable) is { Length: > 0 })
        {
            throw new UsageException($"{SecretIdVariable} and {SigningSecretVariable} are both set: leave one out, so that nobody has to guess which counts");
        }

        using var client = new AwsClient(new AwsClientOptions { Service = SecretsManager, Region = AwsRegion.Resolve(null, environment), Transport = transport, Credentials = credentials });
        AwsResponse response = await client.SendAsync(AwsRequest.Json11("secretsmanager.GetSecretValue", json => json.WriteString("SecretId"u8, id)), CancellationToken.None);
        return Parse(response.Body, id);
    }

    /// <summary>Reads what a server needs from variables.</summary>
    /// <exception cref="UsageException">There is no signing secret.</exception>
    public static SlackSecrets Read(Func<string, string?> environment)
    {
        string[] secrets = Split(environment(SigningSecretVariable));
        return secrets.Length > 0
            ? new SlackSecrets(secrets, ReadBotToken(environment))
            : throw new UsageException($"{SigningSecretVariable} is not set: take the signing secret from the app's page Basic Information; several, during a rotation, are separated by commas; or name a secret of Secrets Manager in {SecretIdVariable}");
    }

    private static string[] Split(string? secrets) => (secrets ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static SlackSecrets Parse(ReadOnlyMemory<byte> answer, string id)
    {
        SlackSecrets? secrets = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            using JsonDocument secret = JsonDocument.Parse(document.RootElement.GetProperty("SecretString"u8).GetString() ?? "");
            secrets = Split(Member(secret.RootElement, "signingSecret")) is { Length: > 0 } signing ? new SlackSecrets(signing, Member(secret.RootElement, "botToken")) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // What was wrong about it may quote it.
        }

        return secrets ?? throw new InvalidOperationException($"The secret {id} is not JSON with a signingSecret, such as {{\"signingSecret\":\"...\",\"botToken\":\"\"}}.");
    }

    private static string? Member(JsonElement secret, string name) =>
        secret.ValueKind == JsonValueKind.Object && secret.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>The bot token, which is all that a job needs; null when there is none.</summary>
    public static string? ReadBotToken(Func<string, string?> environment) => environment(BotTokenVariable) is { Length: > 0 } token ? token : null;

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{SigningSecrets.Count} signing secrets, {(BotToken is null ? "no" : "a")} bot token";
}
