using IotOps.Archive.Exporting;

namespace IotOps.Archive.Sharding;

/// <summary>The documents of one sharded export.</summary>
internal sealed class ShardState(IExportStore store, string id)
{
    public string Id => id;

    public ExportState Export { get; } = new(store, id);

    public async Task<ShardSet?> ShardsAsync(CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/shards", cancellationToken).ConfigureAwait(false) is { } document ? ExportJson.Read(document, ShardJson.Default.ShardSet) : null;

    public Task SaveAsync(ShardSet set, CancellationToken cancellationToken) =>
        store.WriteAsync($"{id}/shards", ExportJson.Write(set, ShardJson.Default.ShardSet), cancellationToken);

    /// <summary>A piece's result; null when it is not done.</summary>
    public async Task<PieceResult?> ResultAsync(int piece, CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/piece-{piece}", cancellationToken).ConfigureAwait(false) is { } document ? ExportJson.Read(document, ShardJson.Default.PieceResult) : null;

    /// <summary>Saves a piece: its ends first, then the result that says that it is done.</summary>
    public async Task SaveAsync(int piece, PieceResult result, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        await store.WriteAsync($"{id}/piece-{piece}.head", head, cancellationToken).ConfigureAwait(false);
        await store.WriteAsync($"{id}/piece-{piece}.tail", tail, cancellationToken).ConfigureAwait(false);
        await store.WriteAsync($"{id}/piece-{piece}", ExportJson.Write(result, ShardJson.Default.PieceResult), cancellationToken).ConfigureAwait(false);
    }

    public async Task<byte[]> EndAsync(int piece, string which, CancellationToken cancellationToken) =>
        await store.FindAsync($"{id}/piece-{piece}.{which}", cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException($"The {which} of piece {piece} of the sharded export '{id}' is gone: plan the export again.");

    /// <summary>Forgets all but the outcome.</summary>
    public async Task EndAsync(ShardSet? set, CancellationToken cancellationToken)
    {
        foreach (ShardPiece piece in set?.Pieces ?? [])
        {
            foreach (string suffix in new[] { "", ".head", ".tail" })
            {
                await store.DeleteAsync($"{id}/piece-{piece.Index}{suffix}", cancellationToken).ConfigureAwait(false);
            }
        }

        await store.DeleteAsync($"{id}/shards", cancellationToken).ConfigureAwait(false);
        await Export.EndAsync(cancellationToken).ConfigureAwait(false);
    }
}
