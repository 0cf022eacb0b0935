using Amazon.S3.Model;
using IotOps.Archive.Layout;
using IotOps.Archive.Uploading;

namespace IotOps.Archive.Exporting;

/// <summary>Lists what an export reads.</summary>
internal sealed class ExportPlanner(LogExporterOptions options, BucketClient source)
{
    private const int ListingsAtOnce = 8;

    public async Task<ExportPlan> PlanAsync(ExportScope scope, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        List<PlannedEntry> entries = [];
        foreach (CategoryPrefix category in scope.Categories)
        {
            for (DateOnly day = scope.From; day <= scope.To; day = day.AddDays(1))
            {
                IReadOnlyList<ObjectListing> listings = category.Listings(scope.Identifier, day);
                IReadOnlyList<PlannedObject> objects = await ListAsync(listings, cancellationToken).ConfigureAwait(false);
                entries.Add(new PlannedEntry(category.EntryName(day), category.Category.Name, day, objects));
                if (scope.KeepUnreadable && category.Filter(scope.Identifier, day) is not null)
                {
                    entries.Add(new PlannedEntry(category.UnreadableName(day), category.Category.Name, day, [], UnreadableOf: entries.Count - 1));
                }

                if (day == DateOnly.MaxValue)
                {
                    break;
                }
            }
        }

        return new ExportPlan
        {
            Identifier = scope.Identifier,
            Categories = [.. scope.Categories.Select(c => c.Category.Name)],
            From = scope.From,
            To = scope.To,
            KeepUnreadable = scope.KeepUnreadable,
            CreatedAt = createdAt,
            Key = ExportPlan.NewKey(options.Output, createdAt, scope.From, scope.To, scope.Identifier),
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
                objects.Add(new PlannedObject(item.Key, size, item.ETag));
            }
        }

        return objects;
    }
}
