using IotOps.SlackExport;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Slack command that exports logs.</summary>
public static class IotOpsSlackExportEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Answers the slash command: verified, within 2 s of its arrival, at most 64 KiB. Slack's check of the URL is answered too; any other
    /// method gets 405. Register the URL as the command's Request URL. See <see href="https://docs.slack.dev/interactivity/implementing-slash-commands"/>.
    /// </summary>
    /// <param name="endpoints">The web host's routes.</param>
    /// <param name="pattern">The path of the Request URL.</param>
    /// <exception cref="ArgumentException">The options given to <c>AddIotOpsSlackExport</c> cannot work; the message says which.</exception>
    /// <exception cref="InvalidOperationException"><c>AddIotOpsSlackExport</c> was not called.</exception>
    public static IEndpointConventionBuilder MapSlackCommand(this IEndpointRouteBuilder endpoints, string pattern = "/slack/iot-log")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SlackExportServer server = endpoints.ServiceProvider.GetService<SlackExportServer>()
            ?? throw new InvalidOperationException("MapSlackCommand needs services.AddIotOpsSlackExport(options) before it.");
        return endpoints.Map(pattern, new SlackCommandHandler(server.Endpoint, server.Downloads, server.TimeProvider).HandleAsync);
    }

    /// <summary>
    /// Answers clicks on <c>slack/download/TOKEN</c>, the links that take the place of presigned ones where <see cref="SlackExportOptions.PublicUrl"/> is set: a redirect
    /// to S3, signed at that moment for a minute. HEAD requests, and programs that call themselves bots, get nothing. 404 for a link that has ended.
    /// </summary>
    /// <param name="endpoints">The web host's routes; <see cref="SlackExportOptions.PublicUrl"/> leads to their root.</param>
    /// <exception cref="InvalidOperationException"><c>AddIotOpsSlackExport</c> was not called.</exception>
    public static IEndpointConventionBuilder MapSlackDownloads(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SlackExportServer server = endpoints.ServiceProvider.GetService<SlackExportServer>()
            ?? throw new InvalidOperationException("MapSlackDownloads needs services.AddIotOpsSlackExport(options) before it.");
        return endpoints.Map($"/{DownloadLinks.Path}{{token}}", new SlackCommandHandler(server.Endpoint, server.Downloads, server.TimeProvider).DownloadAsync);
    }

    /// <summary>
    /// Answers clicks on link buttons with 200 and nothing else: Slack posts them to the app as well, and shows a warning beside the button
    /// unless they are answered. Register the URL under Interactivity &amp; Shortcuts.
    /// </summary>
    /// <param name="endpoints">The web host's routes.</param>
    /// <param name="pattern">The path of the Request URL.</param>
    public static IEndpointConventionBuilder MapSlackInteractivity(this IEndpointRouteBuilder endpoints, string pattern = "/slack/interactivity")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPost(pattern, SlackCommandHandler.AnswerClickAsync);
    }
}
