/** Name of the unit of work whose cost is the main figure: one dispatch. Others are named by their endpoint. */
export const DISPATCH_UNIT = 'dispatch';
