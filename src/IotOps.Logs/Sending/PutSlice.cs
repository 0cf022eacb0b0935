namespace IotOps.Logs.Sending;

/// <summary>The events of one request within a <see cref="PutPlan"/>.</summary>
internal readonly record struct PutSlice(int Start, int Count);
