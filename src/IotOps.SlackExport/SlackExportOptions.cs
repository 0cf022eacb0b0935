using IotOps.Archive;
using IotOps.Aws;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport;

/// <summary>
/// A Slack command that exports logs: whose requests are accepted, where the logs lie, what runs the exports. The same options serve the
/// program that answers Slack and the job that exports (<see cref="SlackExportJob"/>), which needs no signing secret.
/// </summary>
public sealed record SlackExportOptions
{
    /// <summary>Signing secrets of the Slack app, at least one to answer Slack. During a rotation the old one and the new one, in any order. Empty for a job.</summary>
    public IReadOnlyList<string> SigningSecrets { get; init; } = [];

    /// <summary>The bot token, <c>xoxb-...</c>, with the scope <c>chat:write</c>: an export is then one message in the channel that is updated, without the link. Null, the default, posts to the command's response_url alone, which Slack closes after 30 minutes.</summary>
    public string? BotToken { get; init; }

    /// <summary>
    /// True posts the link into the channel of the command, to everybody there, where there is a <see cref="BotToken"/>; every link is then valid for at most
    /// <see cref="ChannelLinkValidity"/>. False, the default, gives the link to who asked alone: as an ephemeral message or, after 30 minutes, a direct one.
    /// </summary>
    public bool LinksInChannels { get; init; }

    /// <summary>How long a link is valid at most with <see cref="LinksInChannels"/>, 1 second to 1 hour; 10 minutes by default.</summary>
    public TimeSpan ChannelLinkValidity { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Where browsers reach this program, such as <c>https://logs.example.com/</c>: a presigned link that is longer than Slack takes (3,000 characters), or whose keys end
    /// before its validity, is replaced by <c>slack/download/TOKEN</c> below it, which signs at the click and ends with <c>/iot-log revoke ID</c>. Https, or a
    /// loopback address. Null, the default, keeps presigned links, but a Lambda function knows its own URL.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The slash command; <c>/iot-log</c> by default.</summary>
    public string CommandName { get; init; } = "/iot-log";

    /// <summary>The categories that users may name, and where their logs lie. The same in every environment.</summary>
    public required LogLayout Layout { get; init; }

    /// <summary>Categories that may be exported for every device at once, by <c>client_id</c>; <c>lifecycle</c> by default.</summary>
    public IReadOnlyList<string> EveryDevice { get; init; } = ["lifecycle"];

    /// <summary>The accounts or stages that logs are exported from: one, which needs no name, or several with different names.</summary>
    public required IReadOnlyList<SlackExportEnvironment> Environments { get; init; }

    /// <summary>The environment of a command that names none. Null, the default, requires the name where there are several environments.</summary>
    public string? DefaultEnvironment { get; init; }

    /// <summary>True runs exports in this process, as <see cref="InProcess"/> says; false, the default, submits them to AWS Batch.</summary>
    public bool RunsInProcess { get; init; }

    /// <summary>How many exports run and wait in this process when <see cref="RunsInProcess"/> is set; by default one runs and 32 wait. Each environment has its own queue.</summary>
    public InProcessExportJobsOptions InProcess { get; init; } = new();

    /// <summary>Requests that are worked on at once, 1 to 100,000, late work behind an answer included; 256 by default. One more is answered with a request to try again in a minute.</summary>
    public int MaxInFlight { get; init; } = 256;

    /// <summary>Who may export what; required to answer Slack, which is refused without it. A job needs none.</summary>
    public SlackExportAuthorization? Authorization { get; init; }

    /// <summary>
    /// The environment in whose bucket accepted signatures (<c>slack/replay/</c>) and users' jobs of the hour (<c>slack/quota/</c>) are remembered, for all processes
    /// that answer. Null, the default, takes the first of <see cref="Environments"/>.
    /// </summary>
    public SlackExportEnvironment? StateEnvironment { get; init; }

    /// <summary>Hosts that answers may be posted to; <c>hooks.slack.com</c> and <c>hooks.slack-gov.com</c> by default. A loopback <c>host:port</c> may be listed for tests.</summary>
    public IReadOnlyList<string> ResponseHosts { get; init; } = ["hooks.slack.com", "hooks.slack-gov.com"];

    /// <summary>Slack's Web API, for <see cref="BotToken"/>; <c>https://slack.com/api/</c> by default.</summary>
    public Uri ApiUrl { get; init; } = new("https://slack.com/api/");

    /// <summary>Sends what is posted to Slack; used, never disposed. It must not follow redirects. Null, the default, takes a handler of the package's own.</summary>
    public HttpMessageHandler? SlackTransport { get; init; }

    /// <summary>
    /// The transport, below the signature, of the small calls to AWS: requests stored in S3, jobs submitted to AWS Batch. Used, never
    /// disposed. The exports' own downloads and uploads do not go through it. Null, the default, takes a handler of the package's own.
    /// </summary>
    public HttpMessageHandler? AwsTransport { get; init; }

    /// <summary>
    /// How patiently a stored request is read or written again; three attempts by default. <see cref="AwsRetryOptions.None"/> where
    /// <see cref="AwsTransport"/> retries. A submission to AWS Batch keeps retries of its own: it looks for the job before it repeats itself.
    /// </summary>
    public AwsRetryOptions AwsRetry { get; init; } = new();

    /// <summary>Clock of signatures, answers, dates and time-outs; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where everything logs; never secrets, response_urls or links. Null, the default, takes the host's, and logs nothing without a host.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Without the secrets.</summary>
    public override string ToString() =>
        $"{CommandName}, {SigningSecrets.Count} signing secrets, {(BotToken is null ? "no" : "a")} bot token, {Environments.Count} environments";

    /// <summary>How long an environment's links are valid.</summary>
    internal TimeSpan ValidityIn(SlackExportEnvironment environment) =>
        LinksInChannels && ChannelLinkValidity < environment.LinkValidity ? ChannelLinkValidity : environment.LinkValidity;

    /// <summary>Checks what both the answering program and the job need.</summary>
    /// <exception cref="ArgumentException">An option cannot work; the message names it.</exception>
    internal void Validate(string parameter)
    {
        string? wrong = this switch
        {
            { Layout: null } => "Layout is missing.",
            { Environments: null or [] } => "Environments is empty: name at least one bucket.",
            { Environments.Count: > 1 } when Environments.Any(e => string.IsNullOrEmpty(e.Name)) => "Of several Environments each has a Name.",
            { MaxInFlight: < 1 or > 100_000 } => $"MaxInFlight is {MaxInFlight}: 1 to 100,000 requests are worked on at once.",
            { PublicUrl: { } url } when !url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) || url.Query.Length > 0 || !url.AbsolutePath.EndsWith('/') =>
                $"PublicUrl is '{PublicUrl}': an https URL that ends with a slash, such as https://logs.example.com/.",
            _ when ChannelLinkValidity < TimeSpan.FromSeconds(1) || ChannelLinkValidity > TimeSpan.FromHours(1) =>
                $"ChannelLinkValidity is {ChannelLinkValidity}: a link in a channel is valid for 1 second to 1 hour.",
            _ when Environments.FirstOrDefault(e => string.IsNullOrEmpty(e.Bucket)) is { } nowhere => $"Bucket is empty in {nowhere.Title}.",
            _ when Environments.FirstOrDefault(e => e.Output is not { Length: > 0 } || e.Output.StartsWith('/') || e.Output.EndsWith('/')) is { } odd =>
                $"Output is '{odd.Output}' in {odd.Title}: a key prefix without a slash at its ends.",
            _ when Environments.FirstOrDefault(e => e.LinkValidity < TimeSpan.FromSeconds(1) || e.LinkValidity > SigV4Signer.LongestPresign) is { } odd =>
                $"LinkValidity is {odd.LinkValidity} in {odd.Title}: a link is valid for 1 second to 7 days.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, parameter);
        }
    }

    /// <summary>What the command's parser needs.</summary>
    internal LogExportCommandOptions ToCommandOptions()
    {
        string[] names = [.. Environments.Select(e => e.Name).OfType<string>()];
        return new LogExportCommandOptions
        {
            CommandName = CommandName,
            Categories =
            [
                .. Layout.Categories.Select(c => new LogExportCategory(c.Name)
                {
                    Aliases = c.Aliases,
                    AllowsEveryDevice = EveryDevice.Contains(c.Name, StringComparer.Ordinal),
                }),
            ],
            Environments = names,
            DefaultEnvironment = DefaultEnvironment ?? (names is [var only] ? only : null),
            TimeProvider = TimeProvider,
        };
    }
}
