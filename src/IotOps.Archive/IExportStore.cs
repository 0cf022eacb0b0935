namespace IotOps.Archive;

/// <summary>
/// Keeps the few small documents with which a killed export goes on. Reading must see the last write that returned. Safe for
/// concurrent use with different names.
/// </summary>
public interface IExportStore
{
    /// <summary>A document; null when there is none.</summary>
    /// <param name="name">Such as <c>1f0c/plan</c>: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a document, whole or not at all.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes a document; nothing happens when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
