using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What only environment variables may say: neither a file in a repository nor a process list is to show it.</summary>
internal sealed class SlackSecrets
{
    /// <summary>Name of the variable with the signing secrets.</summary>
    public const string SigningSecretVariable = "SLACK_SIGNING_SECRET";

    /// <summary>Name of the variable with the bot token.</summary>
    public const string BotTokenVariable = "SLACK_BOT_TOKEN";

    private SlackSecrets(IReadOnlyList<string> signingSecrets, string? botToken)
    {
        SigningSecrets = signingSecrets;
        BotToken = botToken;
    }

    /// <summary>During a rotation the old one and the new one.</summary>
    public IReadOnlyList<string> SigningSecrets { get; }

    /// <summary>Null when the app has no bot.</summary>
    public string? BotToken { get; }

    /// <summary>Reads what a server needs.</summary>
    /// <exception cref="UsageException">There is no signing secret.</exception>
    public static SlackSecrets Read(Func<string, string?> environment)
    {
        string[] secrets = (environment(SigningSecretVariable) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return secrets.Length > 0
            ? new SlackSecrets(secrets, ReadBotToken(environment))
            : throw new UsageException($"{SigningSecretVariable} is not set: take the signing secret from the app's page Basic Information; several, during a rotation, are separated by commas");
    }

    /// <summary>The bot token, which is all that a job needs; null when there is none.</summary>
    public static string? ReadBotToken(Func<string, string?> environment) => environment(BotTokenVariable) is { Length: > 0 } token ? token : null;

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{SigningSecrets.Count} signing secrets, {(BotToken is null ? "no" : "a")} bot token";
}
