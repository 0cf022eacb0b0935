namespace IotOps.Detect;

/// <summary>A table of Amazon DynamoDB, which several workers share.</summary>
public sealed record DynamoDetectStoreOptions
{
    /// <summary>The table, in the shape that <see cref="DynamoDetectStore.CreateTableAsync"/> makes.</summary>
    public required string Table { get; init; }

    /// <summary>Requests that run side by side for one call, 1-256: by default 32.</summary>
    public int Parallelism { get; init; } = 32;
}
