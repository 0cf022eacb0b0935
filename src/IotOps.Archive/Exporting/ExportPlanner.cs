using Amazon.S3.Model;
using IotOps.Archive.Layout;
using IotOps.Archive.Uploading;
using IotOps.Archive.Zip;

namespace IotOps.Archive.Exporting;

/// <summary>Lists what an export reads.</summary>
internal sealed class ExportPlanner(LogExporterOptions options, BucketClient source)
{
    private const int ListingsAtOnce = 8;

    public async Task<ExportPlan> PlanAsync(ExportScope scope, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        List<PlannedEntry> entries = [];
        var names = new EntryNames();
        foreach (string identifier in scope.Identifiers)
        {
            // Before a colon a single letter would pass for a drive.
            string folder = scope.Identifiers.Count == 1 ? "" : $"{ExportPlan.FileName(identifier).Replace(':', '_')}/";
            foreach (CategoryPrefix category in scope.Categories)
            {
                for (DateOnly day = scope.Days.First; day <= scope.Days.Last; day = day.AddDays(1))
                {
                    // Where all devices lie together, what is listed for one is there for the others, too.
                    int? same = category.HasFolderOfDevice || identifier == scope.Identifiers[0]
                        ? null
                        : entries.FindIndex(e => e.Category == category.Category.Name && e.Day == day && e.SameAs is null);
                    IReadOnlyList<PlannedObject> objects = same is null
                        ? await ListAsync(category.Listings(identifier, scope.Days.WindowOf(day)), cancellationToken).ConfigureAwait(false)
                        : [];
                    entries.Add(new PlannedEntry(names.Take(ZipEntryName.Sanitize(folder + category.EntryName(day))), category.Category.Name, day, objects, same, Identifier: identifier));
                    if (scope.KeepUnreadable && same is null && category.Filter(identifier, scope.Days.WindowOf(day)) is { NeedsJson: true })
                    {
                        // What cannot be read of several devices' objects is nobody's.
                        string name = (category.HasFolderOfDevice ? folder : "") + category.UnreadableName(day);
                        int of = entries.Count - 1;
                        entries.Add(new PlannedEntry(names.Take(ZipEntryName.Sanitize(name)), category.Category.Name, day, [], SameAs: of, UnreadableOf: of, Identifier: identifier));
                    }

                    if (day == DateOnly.MaxValue)
                    {
                        break;
                    }
                }
            }
        }

        return new ExportPlan
        {
            Identifier = scope.Identifiers[0],
            OtherIdentifiers = [.. scope.Identifiers.Skip(1)],
            Contains = scope.Contains,
            Matches = scope.Matches,
            Categories = [.. scope.Categories.Select(c => c.Category.Name)],
            From = scope.Days.First,
            To = scope.Days.Last,
            TimeZone = scope.Days.TimeZone,
            FromTime = scope.Days.FromTime,
            UntilTime = scope.Days.UntilTime,
            KeepUnreadable = scope.KeepUnreadable,
            CreatedAt = createdAt,
            Key = ExportPlan.NewKey(options.Output, createdAt, scope.Days.First, scope.Days.Last, scope.Identifiers),
            Entries = entries,
        };
    }

    private async Task<IReadOnlyList<PlannedObject>> ListAsync(IReadOnlyList<ObjectListing> listings, CancellationToken cancellationToken)
    {
        var found = new List<PlannedObject>[listings.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, listings.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ListingsAtOnce, CancellationToken = cancellationToken },
            async (i, cancel) => found[i] = await ListAsync(listings[i], cancel).ConfigureAwait(false)).ConfigureAwait(false);
        return found is [var one] ? one : [.. found.SelectMany(objects => objects)];
    }

    private async Task<List<PlannedObject>> ListAsync(ObjectListing listing, CancellationToken cancellationToken)
    {
        List<PlannedObject> objects = [];
        await foreach (S3Object item in source.ListAsync(listing.Prefix, listing.StartAfter, cancellationToken).ConfigureAwait(false))
        {
            ListedKey judged = listing.Judge(item.Key);
            if (judged == ListedKey.BehindTheEnd)
            {
                break;
            }

            // An empty object holds nothing; some programs make one that stands for a folder.
            if (judged == ListedKey.Wanted && item.Size is > 0 and { } size)
            {
                string? storage = item.StorageClass?.Value;
                objects.Add(new PlannedObject(item.Key, size, item.ETag, storage is "GLACIER" or "DEEP_ARCHIVE" or "INTELLIGENT_TIERING" ? storage : null));
            }
        }

        return objects;
    }
}
