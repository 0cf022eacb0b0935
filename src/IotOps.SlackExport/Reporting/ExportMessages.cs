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
        SlackText.Markup($"Generating log file for {Names(request)}..."),
        new SlackSection(Target(request, "Generating log file...")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>The same was requested before, and is being exported.</summary>
    public SlackMessage AlreadyAsked(StoredRequest request) => new(
        SlackText.Markup($"The log file for {Names(request)} is being generated already."),
        new SlackSection(Target(request, "This log file is being generated already; its messages follow the first command.")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>The same was requested just before, and AWS Batch does not show a job yet.</summary>
    public SlackMessage JustAsked(StoredRequest request) => new(
        SlackText.Markup($"The log file for {Names(request)} was asked for a moment ago."),
        new SlackSection(Target(request, "The same command came a moment ago. If no message follows within a minute, please ask again.")),
        new SlackContext(Window(request), SlackText.Markup($"{SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>It has begun.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="shortLife">How long its link will live where that is less than it should.</param>
    public static SlackMessage Started(StoredRequest request, TimeSpan? shortLife) => shortLife is not { } life
        ? Progress(request, 10)
        : new(
            SlackText.Markup($"Output Progress: {Percent(10)} ({Names(request)})"),
            new SlackSection(Target(request, "Output Progress: 10%")),
            SlackSection.OfPlainText($"Its link may be valid for {Minutes(life)} only, because the keys that sign it end then."));

    /// <summary>How far it is.</summary>
    public static SlackMessage Progress(StoredRequest request, int percent) => new(
        SlackText.Markup($"Output Progress: {Percent(percent)} ({Names(request)})"),
        new SlackSection(Target(request, $"Output Progress: {Percent(percent)}")));

    /// <summary>It is done.</summary>
    public SlackMessage Done(StoredRequest request, LogExportResult result, DateTimeOffset now)
    {
        if (result is not { Url: { } url, ExpiresAt: { } end })
        {
            return new SlackMessage(
                SlackText.Shortened(result.Message, 500),
                [new SlackSection(Target(request, "Output Progress: 100%")), .. Partial(result, SlackSection.OfPlainText(result.Message))]);
        }

        if (url.AbsoluteUri.Length > SlackLinkButton.MaxUrlChars)
        {
            return TooLong(request, result);
        }

        SlackText valid = SlackText.FromString($"The download link is valid for up to {Minutes(end - now)}.");

        string state = Finished(result);
        SlackSection link = new(SlackText.Markup($"Please access the link below to download the log file.\n{valid}"));
        return new SlackMessage(
            SlackText.Markup($"{state} ({Names(request)})"),
            [
                new SlackSection(SlackText.Markup($"Output Progress: 100%\n{Target(request, state)}")),
                .. Partial(result, link),
                new SlackActions(new SlackLinkButton("Download", url) { IsPrimary = true }),
                new SlackContext(Size(result), Window(request), SlackText.Markup($"Later: {SlackText.Code($"{commandName} link {request.Id}")}")),
            ]);
    }

    /// <summary>It is done, for a channel that is not to see the link.</summary>
    public SlackMessage DoneInChannel(StoredRequest request, LogExportResult result)
    {
        string state = Finished(result);
        return new SlackMessage(
            SlackText.Markup($"{state} ({Names(request)})"),
            new SlackSection(SlackText.Markup($"Output Progress: 100%\n{Target(request, state)}")),
            new SlackContext(SlackText.FromString("Who asked for it has the link."), SlackText.Markup($"Later: {SlackText.Code($"{commandName} link {request.Id}")}")));
    }

    /// <summary>It failed.</summary>
    public SlackMessage Failed(StoredRequest request, string reason) => new(
        SlackText.Markup($"Log file generation failed ({Names(request)})."),
        new SlackSection(Target(request, "Log file generation failed.")),
        SlackSection.OfPlainText(reason),
        new SlackContext(SlackText.Markup($"Ask again, or tell whoever runs this app the request {SlackText.Code(request.Id)}; {SlackText.Code($"{commandName} status {request.Id}")}")));

    /// <summary>It outlives the response_url.</summary>
    public SlackMessage StillRunning(StoredRequest request) => new(
        SlackText.Markup($"Still generating the log file for {Names(request)}."),
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

    /// <summary>Its links have ended.</summary>
    public static SlackMessage Revoked(StoredRequest request) =>
        Plain($"The log file of the request {request.Id} is deleted, and every link to it has ended. The same command makes it again.");

    /// <summary>There are no links to end.</summary>
    public static SlackMessage NothingToRevoke(StoredRequest request) =>
        Plain($"The request {request.Id} has no log file, so there is no link to end.");

    /// <summary>Its user has asked for enough within an hour.</summary>
    public static SlackMessage OverQuota(TimeSpan wait) =>
        Plain($"You have as many exports within an hour as one user may. Nothing was begun; please ask again in {Minutes(wait)}.");

    /// <summary>A message of one text.</summary>
    public static SlackMessage Plain(string text) => new(SlackText.Shortened(text, MostDetailChars));

    // Slack takes no such link, and this program has no address of its own to put in its place.
    private static SlackMessage TooLong(StoredRequest request, LogExportResult result) => new(
        SlackText.Markup($"{Finished(result)} ({Names(request)})"),
        new SlackSection(SlackText.Markup($"Output Progress: 100%\n{Target(request, Finished(result))}")),
        new SlackSection(SlackText.Markup(
            $"The file is there, but its link is longer than Slack takes. Whoever runs this app can get it by its key {SlackText.Code(result.Key!)}, and can set PublicUrl (slack.publicUrl) so that later links are short.")),
        new SlackContext(Size(result), Window(request)));

    private static string Finished(LogExportResult result) =>
        result.LeftOut is null ? "Log file generation complete!!" : "Log file generation complete, but something is missing.";

    // Who asked reads this, and not the manifest.
    private static IEnumerable<SlackBlock> Partial(LogExportResult result, SlackSection last) =>
        new[] { result.Url is null ? null : result.LeftOut, result.RestoreHint }.OfType<string>().Select(SlackSection.OfPlainText).Append(last);

    private static SlackText Names(StoredRequest request) =>
        SlackText.Join(", ", request.Identifiers.Take(3).Select(SlackText.Name).Concat(request.Identifiers.Count > 3 ? [Count(request.Identifiers.Count - 3, "more", "more")] : []));

    private static SlackText Count(long count, string one, string several) =>
        SlackText.FromString(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : several)}"));

    private static SlackMessage Short(StoredRequest request, string state) => new(
        SlackText.Markup($"{Names(request)}: {SlackText.Shortened(state, MostDetailChars)}"),
        new SlackSection(Target(request, state)));

    // The order of the lines is the users' own, who know it from the messages before.
    private static SlackText Target(StoredRequest request, string state) => SlackText.Markup(
        $"Target Identifier: {SlackText.Join(", ", request.Identifiers.Select(SlackText.Name))}\nLog Category: {string.Join(',', request.Categories)}\nSpecified Log Date: {Days(request)}\n{SlackText.Shortened(state, MostDetailChars)}");

    private static SlackText Days(StoredRequest request) =>
        request.Filters.Length == 0 ? SlackText.FromString(request.Date) : SlackText.Markup($"{request.Date} {SlackText.Code(request.Filters.TrimStart(',', ' '))}");

    private static SlackText Window(StoredRequest request) => SlackText.FromString(
        string.Create(CultureInfo.InvariantCulture, $"{request.From:yyyy-MM-dd} 00:00 to {request.To.AddDays(1):yyyy-MM-dd} 00:00 UTC"));

    private static SlackText Size(LogExportResult result) => SlackText.FromString(
        string.Create(CultureInfo.InvariantCulture, $"{result.Records:N0} {(result.Records == 1 ? "record" : "records")}, {result.Bytes / 1024.0:N0} KiB"));

    private static string Percent(int percent) => string.Create(CultureInfo.InvariantCulture, $"{percent}%");

    private static string Minutes(TimeSpan validity)
    {
        int minutes = Math.Max(1, (int)Math.Round(validity.TotalMinutes));
        return string.Create(CultureInfo.InvariantCulture, $"{minutes} minute{(minutes == 1 ? "" : "s")}");
    }
}
