namespace IotOps.Fleet;

/// <summary>Where a trail's log and digest files are: S3, or whatever else holds a copy of a bucket.</summary>
public interface ITrailObjects
{
    /// <summary>The objects whose keys begin with a prefix, in the order of their keys as UTF-8.</summary>
    IAsyncEnumerable<TrailObjectInfo> ListAsync(string bucket, string prefix, CancellationToken cancellationToken = default);

    /// <summary>The folders right below a prefix that ends with a slash, each as a prefix that does so too.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string bucket, string prefix, CancellationToken cancellationToken = default);

    /// <summary>Opens an object; null when there is none of that key.</summary>
    Task<TrailObject?> OpenAsync(string bucket, string key, CancellationToken cancellationToken = default);
}
