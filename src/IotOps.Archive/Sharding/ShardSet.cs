using System.Text.Json.Serialization;
using IotOps.Archive.Exporting;
using IotOps.Archive.Uploading;

namespace IotOps.Archive.Sharding;

/// <summary>How an export is split. Every piece has part numbers of its own; the first of them is for what <c>finish</c> puts before it.</summary>
internal sealed record ShardSet
{
    public required string UploadId { get; init; }

    public required int Shards { get; init; }

    public required IReadOnlyList<ShardPiece> Pieces { get; init; }

    /// <summary>Splits by bytes, at objects. A piece ends where a shard or a file ends.</summary>
    public static ShardSet Of(ExportPlan plan, int shards, string uploadId)
    {
        List<ShardPiece> pieces = [];
        decimal total = Math.Max(1, plan.Entries.Sum(e => plan.ObjectsOf(e).Sum(o => o.Size)));
        long before = 0;
        for (int entry = 0; entry < plan.Entries.Count; entry++)
        {
            IReadOnlyList<PlannedObject> objects = plan.ObjectsOf(plan.Entries[entry]);
            for (int i = 0; i < objects.Count; i++)
            {
                int shard = (int)Math.Min(shards - 1, before / total * shards);
                before += objects[i].Size;
                if (pieces.Count > 0 && pieces[^1].Shard == shard && pieces[^1].Entry == entry)
                {
                    pieces[^1] = pieces[^1] with { End = i + 1 };
                }
                else
                {
                    pieces.Add(new ShardPiece(pieces.Count, shard, entry, i, i + 1));
                }
            }
        }

        return new ShardSet { UploadId = uploadId, Shards = shards, Pieces = pieces };
    }

    /// <summary>The number of the part before a piece; its own are behind it.</summary>
    public int JoiningPart(ShardPiece piece) => 1 + (piece.Index * PartsEach);

    /// <summary>Part numbers that each piece has, the joining one included. The very last number is for the zip's end.</summary>
    [JsonIgnore]
    public int PartsEach => (PartPlan.MostParts - 1) / Math.Max(1, Pieces.Count);
}
