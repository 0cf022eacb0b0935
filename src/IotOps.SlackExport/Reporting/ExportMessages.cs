using System.Globalization;
using IotOps.Archive;
using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Reporting;

/// <summary>The messages in Slack about an export.</summary>
internal sealed class ExportMessages(string commandName)
{
    private const int MostDetailChars = 1_500;

    /// <summary>The command was taken.</summary>
    public SlackMessage Accepted(StoredRequest request) => new(
        SlackText.Shortened($"Generating log file for {request.Identifier}...", 200),
        new SlackSection(Target(request, "Generating log file...")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>The same was requested before, and is being exported.</summary>
    public SlackMessage AlreadyAsked(StoredRequest request) => new(
        SlackText.Shortened($"The log file for {request.Identifier} is being generated already.", 200),
        new SlackSection(Target(request, "This log file is being generated already; its messages follow the first command.")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>The same was requested just before, and AWS Batch does not show a job yet.</summary>
    public SlackMessage JustAsked(StoredRequest request) => new(
        SlackText.Shortened($"The log file for {request.Identifier} was asked for a moment ago.", 200),
        new SlackSection(Target(request, "The same command came a moment ago. If no message follows within a minute, please ask again.")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>How far it is.</summary>
    public static SlackMessage Progress(StoredRequest request, int percent) => new(
        SlackText.Shortened($"Output Progress: {Percent(percent)} ({request.Identifier})", 200),
        new SlackSection(Target(request, $"Output Progress: {Percent(percent)}")));

    /// <summary>It is done.</summary>
    public SlackMessage Done(StoredRequest request, LogExportResult result, DateTimeOffset now)
    {
        if (result is not { Url: { } url, ExpiresAt: { } end })
        {
            return new SlackMessage(
                SlackText.Shortened(result.Message, 500),
                new SlackSection(Target(request, "Output Progress: 100%")),
                new SlackSection(SlackText.Shortened(result.Message, MostDetailChars)));
        }

        SlackText valid = SlackText.FromString($"The download link is valid for up to {Minutes(end - now)}.");

        // Who asked reads this, and not the manifest.
        string state = Finished(result);
        SlackText link = SlackText.Markup($"Please access the link below to download the log file.\n{valid}");
        SlackText about = result.LeftOut is null ? link : SlackText.Markup($"{SlackText.Shortened(result.LeftOut, MostDetailChars)}\n{link}");
        return new SlackMessage(
            SlackText.Shortened($"{state} ({request.Identifier})", 200),
            new SlackSection(SlackText.Markup($"Output Progress: 100%\n{Target(request, state)}")),
            new SlackSection(about),
            new SlackActions(new SlackLinkButton("Download", url) { IsPrimary = true }),
            new SlackContext(Size(result), Window(request), SlackText.Markup($"Later: {SlackText.Code($"{commandName} link {request.Id}")}")));
    }

    /// <summary>It is done, for a channel that is not to see the link.</summary>
    public SlackMessage DoneInChannel(StoredRequest request, LogExportResult result)
    {
        string state = Finished(result);
        return new SlackMessage(
            SlackText.Shortened($"{state} ({request.Identifier})", 200),
            new SlackSection(SlackText.Markup($"Output Progress: 100%\n{Target(request, state)}")),
            new SlackContext(SlackText.FromString("Who asked for it has the link."), SlackText.Markup($"Later: {SlackText.Code($"{commandName} link {request.Id}")}")));
    }

    /// <summary>It failed.</summary>
    public SlackMessage Failed(StoredRequest request, string reason) => new(
        SlackText.Shortened($"Log file generation failed ({request.Identifier}).", 200),
        new SlackSection(Target(request, "Log file generation failed.")),
        new SlackSection(SlackText.Shortened(reason, MostDetailChars)),
        new SlackContext(SlackText.Markup($"Ask again, or tell whoever runs this app the request {SlackText.Code(request.Id)}; {SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>It outlives the response_url.</summary>
    public SlackMessage StillRunning(StoredRequest request) => new(
        SlackText.Shortened($"Still generating the log file for {request.Identifier}.", 200),
        new SlackSection(Target(request, "Still running. Slack takes no more messages for this command.")),
        new SlackSection(SlackText.Markup($"Ask {SlackText.Code($"{commandName} status {request.Id}")} or {SlackText.Code($"{commandName} link {request.Id}")}")));

    /// <summary>How a job is.</summary>
    public SlackMessage Status(StoredRequest request, ExportJob? job) => Short(request, job?.Status switch
    {
        ExportJobStatus.Waiting => "Waits for its turn.",
        ExportJobStatus.Running => "Is being generated.",
        ExportJobStatus.Succeeded => $"Is done: {commandName} link {request.Id}",
        ExportJobStatus.Failed => job.Reason is { Length: > 0 } why ? $"Failed: {why}" : "Failed.",
        _ => "Was taken, but its job is not known. If that is so for more than a minute, ask for the logs again.",
    });

    /// <summary>Its user has asked for enough within an hour.</summary>
    public static SlackMessage OverQuota(TimeSpan wait) =>
        Plain($"You have as many exports within an hour as one user may. Nothing was begun; please ask again in {Minutes(wait)}.");

    /// <summary>A message of one text.</summary>
    public static SlackMessage Plain(string text) => new(SlackText.Shortened(text, MostDetailChars));

    private static string Finished(LogExportResult result) =>
        result.LeftOut is null ? "Log file generation complete!!" : "Log file generation complete, but something is missing.";

    private static SlackMessage Short(StoredRequest request, string state) => new(
        SlackText.Shortened($"{request.Identifier}: {state}", MostDetailChars),
        new SlackSection(Target(request, state)));

    // The order of the lines is the users' own, who know it from the messages before.
    private static SlackText Target(StoredRequest request, string state) => SlackText.Markup(
        $"Target Identifier: {request.Identifier}\nLog Category: {string.Join(',', request.Categories)}\nSpecified Log Date: {request.Date}\n{SlackText.Shortened(state, MostDetailChars)}");

    private static SlackText Window(StoredRequest request) => SlackText.FromString(
        string.Create(CultureInfo.InvariantCulture, $"{request.From:yyyy-MM-dd} 00:00 to {request.To.AddDays(1):yyyy-MM-dd} 00:00 UTC"));

    private static SlackText Size(LogExportResult result) => SlackText.FromString(
        string.Create(CultureInfo.InvariantCulture, $"{result.Records:N0} records, {result.Bytes / 1024.0:N0} KiB"));

    private static string Percent(int percent) => string.Create(CultureInfo.InvariantCulture, $"{percent}%");

    private static string Minutes(TimeSpan validity)
    {
        int minutes = Math.Max(1, (int)Math.Round(validity.TotalMinutes));
        return string.Create(CultureInfo.InvariantCulture, $"{minutes} minute{(minutes == 1 ? "" : "s")}");
    }
}
