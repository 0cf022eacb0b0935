using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// Reads the bodies of objects for a <see cref="LogExporter"/>, which retries, resumes and times out by itself: one call is one
/// attempt. Safe for concurrent use.
/// </summary>
public interface ILogObjectReader
{
    /// <summary>Opens a body, provided that the object is still the one that was listed.</summary>
    /// <param name="logObject">The object.</param>
    /// <param name="offset">Bytes to leave out from its start; less than its size.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The bytes from there on; the caller disposes it. It may end early or throw an <see cref="IOException"/>: the exporter then asks for the rest.</returns>
    /// <exception cref="AwsException">
    /// S3 refused; <c>PreconditionFailed</c> when the object is another now, <c>NoSuchKey</c> when it is gone.
    /// </exception>
    Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken);
}
