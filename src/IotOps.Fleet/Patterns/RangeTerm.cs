namespace IotOps.Fleet.Patterns;

/// <summary><c>numeric</c>: numbers from one to another, the ends with it or without.</summary>
internal sealed class RangeTerm(double? from, bool isFromOpen, double? to, bool isToOpen)
    : ValueTerm($"numeric {(isFromOpen ? '(' : '[')}{from:R} {to:R}{(isToOpen ? ')' : ']')}")
{
    public override bool Takes(ref FieldValue value) =>
        value.Number is { } number
        && !(isFromOpen ? number <= from : number < from)
        && !(isToOpen ? number >= to : number > to);
}
