namespace IotOps.Fleet.Trail;

/// <summary>A file of records that can be opened.</summary>
/// <param name="Name">For problems.</param>
/// <param name="OpenAsync">Opens it; null when it is gone.</param>
/// <param name="CanOpenAgain">Whether it can be opened a second time.</param>
internal sealed record TrailSource(string Name, Func<CancellationToken, Task<Stream?>> OpenAsync, bool CanOpenAgain = true);
