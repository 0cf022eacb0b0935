using System.Text.Json.Serialization;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Lists that lie in one column.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StoreJson : JsonSerializerContext;
