using System.Globalization;

namespace IotOps.Archive.Exporting;

/// <summary>Says what an export came to.</summary>
internal static class ExportMessages
{
    public static ExportOutcome Empty(ExportPlan plan, IReadOnlyList<EntryCounts> counts)
    {
        long objects = counts.Sum(c => c.Objects);
        long unreadable = counts.Sum(c => c.UnreadableRecords);
        long skipped = counts.Sum(c => c.SkippedObjects);
        string looked = objects == 0 && skipped > 0 ? "nothing in its folders could be read"
            : objects == 0 ? "no object lies in its folders"
            : string.Create(CultureInfo.InvariantCulture, $"{objects} objects were read, none of their records is {Whose(plan)} of that time");
        string broken = unreadable == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {unreadable} records are no JSON or lack the property to tell by");
        ExportOutcome outcome = Counted(plan, counts);
        string left = skipped == 0
            ? ""
            : $"; {Objects(skipped)} left out, the first of them s3 key {outcome.Skipped[0].Key}, {outcome.Skipped[0].Reason}";
        return outcome with { Message = $"There are no {Categories(plan)} logs of {Who(plan)} {When(plan)}: {looked}{broken}{left}." };
    }

    public static ExportOutcome Done(ExportPlan plan, IReadOnlyList<EntryCounts> counts, long bytes)
    {
        ExportOutcome outcome = Counted(plan, counts);
        long skipped = counts.Sum(c => c.SkippedObjects);
        string left = skipped == 0 ? "" : $" {Objects(skipped)} left out, see manifest.json.";
        return outcome with
        {
            Key = plan.Key,
            Bytes = bytes,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{Categories(plan)} logs of {Who(plan)} {When(plan)}: {outcome.Records} records from {outcome.Objects} objects.{left}"),
        };
    }

    private static ExportOutcome Counted(ExportPlan plan, IReadOnlyList<EntryCounts> counts) => new()
    {
        Request = plan.Request,
        Records = counts.Sum(c => c.Records),
        Objects = counts.Sum(c => c.Objects),
        SourceBytes = counts.Sum(c => c.SourceBytes),
        Skipped = [.. counts.SelectMany(c => c.Skipped).Take(EntryCounts.MostSkippedNamed)],
        Message = "",
    };

    private static string Objects(long count) =>
        count == 1 ? "1 object was" : string.Create(CultureInfo.InvariantCulture, $"{count} objects were");

    private static string Categories(ExportPlan plan) => string.Join(", ", plan.Categories);

    private static string Who(ExportPlan plan) => plan.Identifier == LogLayout.AllDevices ? "all devices" : plan.Identifier;

    private static string Whose(ExportPlan plan) => plan.Identifier == LogLayout.AllDevices ? "any device's" : "this device's";

    private static string When(ExportPlan plan) => plan.From == plan.To
        ? string.Create(CultureInfo.InvariantCulture, $"on {plan.From:yyyy-MM-dd} (UTC)")
        : string.Create(CultureInfo.InvariantCulture, $"from {plan.From:yyyy-MM-dd} to {plan.To:yyyy-MM-dd} (UTC)");
}
