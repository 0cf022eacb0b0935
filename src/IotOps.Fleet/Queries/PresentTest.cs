using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary><c>*</c>: there is a value.</summary>
internal sealed class PresentTest : ValueTest
{
    public override string Text => "*";

    public override bool Takes(JsonElement value) => value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
}
